#define _DEFAULT_SOURCE /* getrandom */

#include "seed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Two keys for stretching the number; any constants would do. */
static const struct siphash_key STRETCH0 = {0x6661756c746c696e, 0x6520736565642030};
static const struct siphash_key STRETCH1 = {0x6661756c746c696e, 0x6520736565642031};

/* RFC 9562 section 5.4: version 4, variant 10. */
static void
format_uuid(const uint8_t random[16], char out[RESULT_ID])
{
	uint8_t b[16];
	char *s = out;

	memcpy(b, random, sizeof b);
	b[6] = (uint8_t)(0x40 | (b[6] & 0x0f));
	b[8] = (uint8_t)(0x80 | (b[8] & 0x3f));
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*s++ = '-';
		s += snprintf(s, 3, "%02x", b[i]);
	}
}

bool
seed_draw(struct seed *s, const char *given, struct err *e)
{
	uint8_t random[24];

	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
		err_set(e, ERR_SYSTEM, errno, "no random bytes from the kernel: %s",
		    strerror(errno));
		return false;
	}
	format_uuid(random, s->run_id);
	memcpy(&s->number, random + 16, sizeof s->number);
	s->number >>= 1;
	if (given != NULL)
		s->number = strtoull(given, NULL, 10);
	s->key.k0 = siphash_word(&STRETCH0, s->number);
	s->key.k1 = siphash_word(&STRETCH1, s->number);
	return true;
}
