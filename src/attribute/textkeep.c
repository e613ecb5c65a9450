#include "textkeep.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct textkeep_piece {
	struct textkeep_piece *next;
	size_t used;
	char text[TEXTKEEP_LONGEST];
};

const char *
textkeep_copy(struct textkeep *k, const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy;

	assert(n <= TEXTKEEP_LONGEST);
	if (k->piece == NULL || TEXTKEEP_LONGEST - k->piece->used < n) {
		struct textkeep_piece *more = malloc(sizeof *more);

		if (more == NULL)
			return NULL;
		more->next = k->piece;
		more->used = 0;
		k->piece = more;
	}
	copy = k->piece->text + k->piece->used;
	k->piece->used += n;
	return memcpy(copy, text, n);
}

void
textkeep_release(struct textkeep *k)
{
	while (k->piece != NULL) {
		struct textkeep_piece *next = k->piece->next;

		free(k->piece);
		k->piece = next;
	}
}
