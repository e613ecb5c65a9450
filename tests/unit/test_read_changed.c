/*
 * saved: tests/data/result.json with each member taken out in turn, and each value
 * exchanged for those of other types. Unless the format lets it be so, the reader must
 * refuse the document and name that very place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "scratch.h"

#include "readtest.h"

enum { SPOTS = 2000, PLACE = 128, KEY = 32 };

/* A value of the document. */
struct spot {
	json_t *in; /* its object or array */
	char key[KEY]; /* "": an element */
	size_t index;
	char place[PLACE];
};

static struct spot spot[SPOTS];

static json_t *
value_of(const struct spot *s)
{
	return s->key[0] != '\0' ? json_object_get(s->in, s->key)
				 : json_array_get(s->in, s->index);
}

/* All values in the object or array that `in` is, behind the n spots known so far. */
static size_t
add_children(size_t n, json_t *in, const char *place)
{
	const char *key;
	json_t *value;
	size_t i;

	json_object_foreach(in, key, value)
	{
		assert_true(n < SPOTS);
		spot[n] = (struct spot){.in = in};
		snprintf(spot[n].key, KEY, "%s", key);
		snprintf(spot[n++].place, PLACE, "%s%s%s", place,
		    *place != '\0' ? "." : "", key);
	}
	json_array_foreach(in, i, value)
	{
		assert_true(n < SPOTS);
		spot[n] = (struct spot){.in = in, .index = i};
		snprintf(spot[n++].place, PLACE, "%s[%zu]", place, i);
	}
	return n;
}

static size_t
collect(json_t *root)
{
	size_t n = add_children(0, root, "");

	for (size_t i = 0; i < n; i++) {
		char place[PLACE];

		memcpy(place, spot[i].place, PLACE);
		n = add_children(n, value_of(&spot[i]), place);
	}
	return n;
}

/* Read the document as it is now. */
static bool
reads_again(const json_t *root, struct err *e)
{
	char *text = json_dumps(root, JSON_REAL_PRECISION(15));
	bool good;

	assert_non_null(text);
	good = reads(text, strlen(text), e);
	free(text);
	return good;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), k = strlen(end);

	return n >= k && strcmp(text + n - k, end) == 0;
}

static bool
is_among(const char *place, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (ends_with(place, *list))
			return true;
	}
	return false;
}

/* ---- taken out ------------------------------------------------------------------ */

/* What the manual says need not be there, or is not read. */
static const char *const optional[] = {"run.tool_version", "clock.source", ".icmpext",
    ".icmpext_malformed", ".icmpext_dropped", ".late", ".rewritten", "[0].index",
    "icmpext[0].addr", "icmpext[0].name", "icmpext[1].name", ".name_bytes", "[0].mtu",
    "].ttl", NULL};

static bool
unread(const struct spot *s)
{
	const char *key = s->key;
	bool icmp = strncmp(s->place, "paths[0].", 9) == 0;

	return is_among(s->place, optional) || strcmp(key, "locus") == 0 ||
	    strcmp(key, "ie_dl") == 0 || (icmp && strcmp(key, "sport") == 0) ||
	    (icmp && strcmp(key, "dport") == 0);
}

static void
test_members(void **state)
{
	json_t *root = json_load_file(READTEST_OBJECT, 0, NULL);
	size_t n = collect(root), members = 0;
	struct err e = {.code = ERR_NONE};

	(void)state;
	for (size_t i = 0; i < n; i++) {
		json_t *old = json_incref(value_of(&spot[i]));
		char what[PLACE + 16];

		if (spot[i].key[0] == '\0' || unread(&spot[i])) {
			json_decref(old);
			continue;
		}
		members++;
		assert_int_equal(json_object_del(spot[i].in, spot[i].key), 0);
		snprintf(what, sizeof what, ": %s: is ", spot[i].place);
		if (reads_again(root, &e))
			fail_msg("%s is not missed", spot[i].place);
		if (strstr(e.text, what) == NULL && strcmp(spot[i].place, "type") != 0)
			fail_msg("%s: \"%s\"", spot[i].place, e.text);
		json_object_set_new(spot[i].in, spot[i].key, old);
	}
	assert_true(members > 200);
	json_decref(root);
}

/* ---- exchanged ------------------------------------------------------------------ */

/* Where null may stand. */
static const char *const nullable[] = {"run.profile", "vantage.src", ".sha256",
    ".dst_name", "hops[0].name", "hops[1].name", "hops[2].name", "hops[1].addr",
    "hops[2].addr", "probes[5][1]", NULL};

/* Where what null means wants another member, which is asked for. */
static const char *const heard[] = {".rtt", "hops[0].addr", NULL};

static bool
may_be(const struct spot *s, const json_t *old, const json_t *new)
{
	if (json_is_number(old) && json_is_real(old) && json_is_integer(new))
		return true;
	if (json_is_real(new) && json_is_number(old) && ends_with(s->place, "][1]"))
		return true;
	if (json_is_real(new) && json_is_integer(old) &&
	    (ends_with(s->place, ".rtt") || ends_with(s->place, ".rate") ||
		ends_with(s->place, ".wait")))
		return true;
	if (json_is_null(old) && json_is_string(new))
		return ends_with(s->place, ".dst_name") ||
		    ends_with(s->place, "hops[2].name");
	if (json_is_null(old) && json_is_number(new))
		return ends_with(s->place, "probes[5][1]") ||
		    ends_with(s->place, "paths[1].replies[1].rtt");
	return json_is_null(new) &&
	    (is_among(s->place, nullable) || is_among(s->place, heard));
}

static void
check_exchange(json_t *root, const struct spot *s, json_t *new)
{
	json_t *old = json_incref(value_of(s));
	struct err e = {.code = ERR_NONE};

	if (json_typeof(old) != json_typeof(new) && !may_be(s, old, new) &&
	    !(json_is_boolean(old) && json_is_boolean(new))) {
		if (s->key[0] != '\0')
			json_object_set(s->in, s->key, new);
		else
			json_array_set(s->in, s->index, new);
		if (reads_again(root, &e))
			fail_msg("%s may be of type %d", s->place, json_typeof(new));
		if (strstr(e.text, s->place) == NULL)
			fail_msg("%s: \"%s\"", s->place, e.text);
		if (s->key[0] != '\0')
			json_object_set(s->in, s->key, old);
		else
			json_array_set(s->in, s->index, old);
	}
	json_decref(old);
}

/* Not read at all, or not in a path of this kind. */
static bool
unread_value(const struct spot *s)
{
	const char *key = s->key;

	if (strncmp(s->place, "verdict.", 8) == 0 ||
	    ends_with(s->place, "tool_version"))
		return true;
	if (ends_with(s->place, "clock.source") || ends_with(s->place, "].ttl") ||
	    ends_with(s->place, "icmpext[1].name"))
		return true;
	if (strstr(s->place, "icmpext") != NULL && strcmp(key, "ie_dl") == 0)
		return strstr(s->place, "icmpext[2]") == NULL;
	return strncmp(s->place, "paths[0].", 9) == 0 &&
	    (strcmp(key, "sport") == 0 || strcmp(key, "dport") == 0);
}

static void
test_types(void **state)
{
	json_t *root = json_load_file(READTEST_OBJECT, 0, NULL);
	json_t *new[] = {json_null(), json_true(), json_integer(7), json_real(1.5),
	    json_string("x"), json_array(), json_object()};
	size_t n = collect(root);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (unread_value(&spot[i]))
			continue;
		for (size_t k = 0; k < sizeof new / sizeof new[0]; k++)
			check_exchange(root, &spot[i], new[k]);
	}
	for (size_t k = 0; k < sizeof new / sizeof new[0]; k++)
		json_decref(new[k]);
	json_decref(root);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_members),
	    cmocka_unit_test(test_types),
	};

	return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
