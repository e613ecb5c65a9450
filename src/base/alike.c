#include <faultline/alike.h>

#include <stddef.h>
#include <string.h>

enum { BEGINNING = 2, SHORT = 5 };

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters must be put in, left out, changed, or swapped with the next one to
 * make b of a, no letter being touched twice ("optimal string alignment"). Row i of the
 * table holds the distances of the first i letters of a to the beginnings of b; a row
 * needs the two before it.
 */
static size_t
distance(const char *a, const char *b)
{
	size_t row[3][ALIKE_LONGEST + 1] = {{0}};
	size_t n = strlen(a), m = strlen(b);

	for (size_t k = 0; k <= m; k++)
		row[0][k] = k;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = row[i % 3];
		const size_t *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];

		now[0] = i;
		for (size_t k = 1; k <= m; k++) {
			now[k] = least(least(last[k], now[k - 1]) + 1,
			    last[k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1])
				now[k] = least(now[k], before[k - 2] + 1);
		}
	}
	return row[n % 3][m];
}

bool
alike(const char *typed, const char *known)
{
	size_t n = strlen(typed), m = strlen(known);

	if (n > ALIKE_LONGEST || m > ALIKE_LONGEST)
		return false;
	if (n >= BEGINNING && strncmp(typed, known, n) == 0)
		return true;
	return distance(typed, known) <= (m < SHORT ? 1 : 2);
}
