#include <faultline/label.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const char *
label_source_name(enum label_source source)
{
	switch (source) {
	case LABEL_NONE:
		return "none";
	case LABEL_SPECIAL:
		return "special";
	case LABEL_MMDB:
		return "mmdb";
	}
	return "?";
}

static void
from_mmdb(const struct labeler *l, const struct addr *a, struct label *out)
{
	struct mmdb_record record;

	switch (mmdb_lookup(l->mmdb, a, &record)) {
	case MMDB_FOUND:
		out->source = LABEL_MMDB;
		out->asn = record.asn;
		out->prefix = record.prefix;
		memcpy(out->org, record.org, sizeof out->org);
		break;
	case MMDB_BAD:
		memcpy(out->why, record.why, sizeof out->why);
		break;
	case MMDB_ABSENT:
		snprintf(out->why, sizeof out->why, "not in the database");
		break;
	}
}

/*
 * Special addresses have no owner that a database could know, but for those that stand
 * for others in examples: laboratories give them to networks.
 */
static bool
may_have_owner(const struct special *s)
{
	return s == NULL || strcmp(s->kind, "documentation") == 0;
}

void
label_find(const struct labeler *l, const struct addr *a, struct label *out)
{
	out->source = LABEL_NONE;
	out->special = NULL;
	out->asn = 0;
	out->org[0] = '\0';
	out->prefix = (struct prefix){.length = 0};
	out->why[0] = '\0';
	if (l->special != NULL)
		out->special = special_find(l->special, a);
	if (l->mmdb != NULL && may_have_owner(out->special))
		from_mmdb(l, a, out);
	if (out->source == LABEL_NONE && out->special != NULL) {
		out->source = LABEL_SPECIAL;
		out->prefix = out->special->prefix;
		out->why[0] = '\0';
	}
}
