#include "rowread.h"

#include <errno.h>
#include <string.h>

enum { SHOWN = 80 }; /* characters of a wrong value that a message repeats */

bool
rowread_text(const struct tsv *t, const char *what, const char *text,
    struct rowread_room room, struct err *e)
{
	size_t n = strlen(text);

	if (n == 0) {
		tsv_fault(t, e, "the %s is empty", what);
		return false;
	}
	if (n >= room.size) {
		tsv_fault(t, e, "the %s is longer than %zu bytes", what, room.size - 1);
		return false;
	}
	memcpy(room.at, text, n + 1);
	return true;
}

bool
rowread_prefix(const struct tsv *t, const char *text, struct prefix *out, struct err *e)
{
	char network[PREFIX_TEXT];
	struct addr a;
	size_t slash = strcspn(text, "/");

	switch (prefix_parse(text, out)) {
	case PREFIX_OK:
		return true;
	case PREFIX_BAD_ADDRESS:
		tsv_fault(
		    t, e, "\"%.*s\" does not start with an IP address", SHOWN, text);
		return false;
	case PREFIX_BAD_LENGTH:
		tsv_fault(t, e, "\"%.*s\" has no valid prefix length", SHOWN, text);
		return false;
	case PREFIX_HOST_BITS:
		break;
	}
	/* the text was good up to its host bits: say which network it lies in */
	memcpy(network, text, slash);
	network[slash] = '\0';
	if (addr_parse(network, &a)) {
		unsigned length = 0;

		for (const char *at = text + slash + 1; *at != '\0'; at++)
			length = 10 * length + (unsigned)(*at - '0');
		*out = prefix_of(&a, length);
		prefix_format(out, network);
	}
	tsv_fault(t, e, "\"%s\" has bits set behind its length; the network is %s",
	    text, network);
	return false;
}

/* Digits with a value of 1..4294967294. */
static bool
parse_asn(const char *text, size_t n, uint32_t *out)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = 10 * value + (uint64_t)(text[i] - '0');
		if (value >= UINT32_MAX)
			return false;
	}
	*out = (uint32_t)value;
	return value > 0;
}

bool
rowread_asn(
    const struct tsv *t, const char *text, size_t n, uint32_t *out, struct err *e)
{
	size_t skip = n > 2 && memcmp(text, "AS", 2) == 0 ? 2 : 0;

	if (parse_asn(text + skip, n - skip, out))
		return true;
	tsv_fault(t, e, "\"%.*s\" is no AS number: 1 to 4294967294",
	    (int)(n < SHOWN ? n : SHOWN), text);
	return false;
}

bool
rowread_no_memory(const char *path, struct err *e)
{
	err_set(e, ERR_MEMORY, errno, "%s: out of memory", path);
	return false;
}
