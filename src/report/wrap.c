#include "text_int.h"

#include <faultline/str.h>

#include <string.h>

void
wrap_print(const char *text, unsigned width, unsigned indent, FILE *out)
{
	unsigned column = indent;
	bool first = true; /* word of its line */

	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		unsigned columns = (unsigned)str_columns_of(text, n);

		if (!first && column + 1 + columns > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			fputc(' ', out);
			column++;
		}
		first = false;
		fwrite(text, 1, n, out);
		column += columns;
		text += n;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}
