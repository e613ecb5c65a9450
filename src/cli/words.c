#include "words.h"

#include "say.h"

#include <faultline/str.h>

#include <stdio.h>
#include <string.h>

enum { WIDTH = 80, WORD = 256 };

/* Print n bytes of a text; there is no limit to what stands between two blanks. */
static void
print_part(const char *text, size_t n)
{
	char part[WORD];

	while (n > 0) {
		size_t now = n < sizeof part ? n : sizeof part - 1;

		/* not in the middle of a character */
		while (now < n && now > 1 && ((unsigned char)text[now] & 0xc0) == 0x80)
			now--;
		memcpy(part, text, now);
		part[now] = '\0';
		say_text(stdout, part);
		text += now;
		n -= now;
	}
}

void
words_print(const char *text, unsigned at, unsigned from)
{
	size_t column = at;
	bool first = true; /* of its line */

	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		size_t columns = str_columns_of(text, n);

		if (!first && column + 1 + columns > WIDTH) {
			printf("\n%*s", (int)from, "");
			column = from;
			first = true;
		}
		if (!first)
			putchar(' ');
		print_part(text, n);
		column += columns + !first;
		first = false;
		text += n;
		text += strspn(text, " ");
	}
	putchar('\n');
}
