#include "text_int.h"

#include <faultline/str.h>

#include <string.h>

void
wrap_print(const char *text, unsigned width, unsigned indent, FILE *out)
{
	unsigned column = 0;

	while (*text != '\0') {
		size_t n = strcspn(text, " ");
		unsigned columns = (unsigned)str_columns_of(text, n);

		if (column > 0 && column + 1 + columns > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > 0) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, n, out);
		column += columns;
		text += n;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}
