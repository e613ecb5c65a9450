#include <faultline/utf8.h>

#include <stdint.h>
#include <string.h>

static const char REPLACEMENT[] = "\xef\xbf\xbd"; /* U+FFFD */

/* How one foreign character is handed on. */
enum fate { KEEP, DROP, BLANK, REPLACE };

/*
 * What a lead byte promises (Unicode table 3-7). The second byte has a narrower range
 * behind four of the leads: that keeps out overlong forms, surrogates, and what would
 * lie beyond U+10FFFF.
 */
struct lead {
	uint8_t first, last; /* lead bytes */
	uint8_t more; /* bytes that follow */
	uint8_t low, high; /* range of the second byte */
};

static const struct lead LEADS[] = {
    {0xc2, 0xdf, 1, 0x80, 0xbf},
    {0xe0, 0xe0, 2, 0xa0, 0xbf},
    {0xe1, 0xec, 2, 0x80, 0xbf},
    {0xed, 0xed, 2, 0x80, 0x9f},
    {0xee, 0xef, 2, 0x80, 0xbf},
    {0xf0, 0xf0, 3, 0x90, 0xbf},
    {0xf1, 0xf3, 3, 0x80, 0xbf},
    {0xf4, 0xf4, 3, 0x80, 0x8f},
};

enum { LEAD_COUNT = sizeof LEADS / sizeof LEADS[0] };

/* Characters beyond ASCII that are no part of a name. */
struct span {
	uint32_t first, last;
	enum fate fate;
};

static const struct span SPANS[] = {
    {0x0080, 0x009f, DROP}, /* C1 control characters; U+009B opens a command */
    {0x061c, 0x061c, DROP}, /* Arabic letter mark */
    {0x200e, 0x200f, DROP}, /* left-to-right and right-to-left mark */
    {0x2028, 0x2029, BLANK}, /* line and paragraph separator */
    {0x202a, 0x202e, DROP}, /* embeddings and overrides */
    {0x2066, 0x2069, DROP}, /* isolates */
    {0xfeff, 0xfeff, DROP}, /* byte order mark */
};

enum { SPAN_COUNT = sizeof SPANS / sizeof SPANS[0] };

static const struct lead *
lead_of(uint8_t byte)
{
	for (size_t i = 0; i < LEAD_COUNT; i++)
		if (byte >= LEADS[i].first && byte <= LEADS[i].last)
			return &LEADS[i];
	return NULL;
}

static enum fate
fate_of(uint32_t character)
{
	if (character >= '\t' && character <= '\r')
		return BLANK;
	if (character < 0x20 || character == 0x7f)
		return DROP;
	for (size_t i = 0; i < SPAN_COUNT; i++)
		if (character >= SPANS[i].first && character <= SPANS[i].last)
			return SPANS[i].fate;
	return KEEP;
}

/* Read one character or one run of bad bytes; n is at least 1. Returns its length. */
static size_t
take(const uint8_t *p, size_t n, enum fate *fate)
{
	const struct lead *lead;
	uint32_t character;

	if (p[0] < 0x80) {
		*fate = fate_of(p[0]);
		return 1;
	}
	*fate = REPLACE;
	lead = lead_of(p[0]);
	if (lead == NULL)
		return 1;
	character = p[0] & (0x3fu >> lead->more);
	for (size_t i = 1; i <= lead->more; i++) {
		uint8_t low = i == 1 ? lead->low : 0x80;
		uint8_t high = i == 1 ? lead->high : 0xbf;

		if (i >= n || p[i] < low || p[i] > high)
			return i;
		character = character << 6 | (p[i] & 0x3fu);
	}
	*fate = fate_of(character);
	return (size_t)lead->more + 1;
}

/*
 * Are these eight bytes printable ASCII? The highest bit of each byte tells: it is not
 * set in ASCII; adding 0x60 sets it from 0x20 on; and adding 0x01 sets it for 0x7f. No
 * sum leaves its byte, since all are below 0x80 before.
 */
static bool
all_plain(const uint8_t *p)
{
	static const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word;

	memcpy(&word, p, sizeof word);
	if ((word & ones << 7) != 0)
		return false;
	return (((word + ones * 0x60) & ~(word + ones)) & ones << 7) == ones << 7;
}

/* How many bytes from here on are printable ASCII, at most n. */
static size_t
plain(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (n - i >= 8 && all_plain(p + i))
		i += 8;
	while (i < n && p[i] >= 0x20 && p[i] < 0x7f)
		i++;
	return i;
}

/* What one character or bad run becomes: its text, and its length in *give. */
static const void *
hand_on(const uint8_t *p, size_t length, enum fate fate, size_t *give)
{
	switch (fate) {
	case KEEP:
		*give = length;
		return p;
	case DROP:
		*give = 0;
		return p;
	case BLANK:
		*give = 1;
		return " ";
	case REPLACE:
		break;
	}
	*give = sizeof REPLACEMENT - 1;
	return REPLACEMENT;
}

bool
utf8_clean(const void *bytes, size_t n, char *out, size_t size)
{
	const uint8_t *p = bytes;
	size_t used = 0;
	bool cut = false;

	while (n > 0 && !cut) {
		size_t room = size - 1 - used;
		size_t length = plain(p, n < room ? n : room);
		size_t give = length;
		const void *text = p;

		if (length == 0) {
			enum fate fate;

			length = take(p, n, &fate);
			text = hand_on(p, length, fate, &give);
		}
		cut = give > room;
		if (!cut) {
			memcpy(out + used, text, give);
			used += give;
		}
		p += length;
		n -= length;
	}
	out[used] = '\0';
	return cut;
}

bool
utf8_is_clean(const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	size_t length;

	for (; n > 0; p += length, n -= length) {
		enum fate fate = KEEP;

		length = plain(p, n);
		if (length == 0)
			length = take(p, n, &fate);
		if (fate != KEEP)
			return false;
	}
	return true;
}
