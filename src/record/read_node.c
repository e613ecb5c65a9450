/* Values of a document: their places, types and ranges. */
#include "read_int.h"

#include <faultline/str.h>
#include <faultline/utf8.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DEPTH = 12, /* of what is read here: run.databases[2].name is 4 */
	PLACE = 160,
	SHOWN = 48 /* of a foreign word in a message */
};

static const double MS_MOST = 1e9; /* eleven days */

/* Where the value lies, "paths[3].replies[7].rtt: "; "" for the document itself. */
static void
place_of(const struct node *n, char out[PLACE])
{
	const struct node *way[DEPTH];
	struct str s = str_open(out, PLACE);
	int depth = 0;

	for (; n->up != NULL && depth < DEPTH; n = n->up)
		way[depth++] = n;
	for (int i = depth - 1; i >= 0; i--) {
		if (way[i]->key == NULL)
			str_add(&s, "[%zu]", way[i]->index);
		else
			str_add(&s, "%s%s", s.used > 0 ? "." : "", way[i]->key);
	}
	if (depth > 0)
		str_add(&s, ": ");
}

bool
node_fault(const struct node *n, const char *format, ...)
{
	const struct reading *in = n->in;
	char place[PLACE], what[200], line[24] = "";
	va_list ap;

	place_of(n, place);
	va_start(ap, format);
	vsnprintf(what, sizeof what, format, ap);
	va_end(ap);
	if (in->line > 0)
		snprintf(line, sizeof line, ":%lu", in->line);
	err_set(in->e, ERR_FORMAT, 0, "%s%s: %s%s", in->path, line, place, what);
	return false;
}

bool
node_no_memory(const struct node *n)
{
	err_set(
	    n->in->e, ERR_MEMORY, 0, "%s: no memory for what is in it", n->in->path);
	return false;
}

struct node
node_root(const struct reading *in, const json_t *value)
{
	return (struct node){.value = value, .in = in};
}

struct node
node_get(const struct node *object, const char *key)
{
	return (struct node){.up = object,
	    .key = key,
	    .value = json_object_get(object->value, key),
	    .in = object->in};
}

struct node
node_at(const struct node *array, size_t i)
{
	return (struct node){.up = array,
	    .index = i,
	    .value = json_array_get(array->value, i),
	    .in = array->in};
}

bool
node_is_there(const struct node *n)
{
	return n->value != NULL;
}

bool
node_is_null(const struct node *n)
{
	return json_is_null(n->value);
}

/* ---- types ---------------------------------------------------------------------- */

static const char *
type_words(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "text";
	case JSON_INTEGER:
		return "a whole number";
	case JSON_REAL:
		return "a number with a fraction";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		return "null";
	}
	return "?";
}

static bool
wrong_type(const struct node *n, const char *wanted)
{
	if (n->value == NULL)
		return node_fault(n, "is missing");
	return node_fault(n, "must be %s, not %s", wanted, type_words(n->value));
}

/* A foreign word as it can stand in a message. */
static const char *
shown(const char *text, char out[SHOWN])
{
	utf8_clean(text, strlen(text), out, SHOWN);
	return out;
}

bool
node_object(const struct node *n)
{
	return json_is_object(n->value) || wrong_type(n, "an object");
}

bool
node_array(const struct node *n, size_t most, size_t *count)
{
	if (!json_is_array(n->value))
		return wrong_type(n, "an array");
	*count = json_array_size(n->value);
	if (*count > most)
		return node_fault(n, "has %zu elements, more than the %zu there can be",
		    *count, most);
	return true;
}

bool
node_integer(const struct node *n, int64_t least, int64_t most, int64_t *out)
{
	int64_t value = 0;

	if (!json_is_integer(n->value))
		return wrong_type(n, "a whole number");
	value = json_integer_value(n->value);
	if (value < least || value > most)
		return node_fault(n,
		    "is %" PRId64 ", and must be from %" PRId64 " to %" PRId64, value,
		    least, most);
	*out = value;
	return true;
}

bool
node_u8(const struct node *n, uint8_t least, uint8_t *out)
{
	int64_t value = 0;

	if (!node_integer(n, least, UINT8_MAX, &value))
		return false;
	*out = (uint8_t)value;
	return true;
}

bool
node_u16(const struct node *n, uint16_t *out)
{
	int64_t value = 0;

	if (!node_integer(n, 0, UINT16_MAX, &value))
		return false;
	*out = (uint16_t)value;
	return true;
}

bool
node_u32(const struct node *n, uint32_t most, uint32_t *out)
{
	int64_t value = 0;

	if (!node_integer(n, 0, most, &value))
		return false;
	*out = (uint32_t)value;
	return true;
}

bool
node_count(const struct node *n, uint64_t *out)
{
	int64_t value = 0;

	if (!node_integer(n, 0, INT64_MAX, &value))
		return false;
	*out = (uint64_t)value;
	return true;
}

bool
node_number(const struct node *n, double least, double most, double *out)
{
	double value = 0;

	if (!json_is_number(n->value))
		return wrong_type(n, "a number");
	value = json_number_value(n->value);
	if (!(value >= least && value <= most))
		return node_fault(
		    n, "is %g, and must be from %g to %g", value, least, most);
	*out = value;
	return true;
}

/* A number of milliseconds is one of nanoseconds, written with a point: see json_ms. */
bool
node_ms(const struct node *n, bool signs, int64_t *ns)
{
	double value = 0;

	if (!node_number(n, signs ? -MS_MOST : 0, MS_MOST, &value))
		return false;
	value *= (double)TIME_MS;
	*ns = (int64_t)(value < 0 ? value - 0.5 : value + 0.5);
	return true;
}

bool
node_bool(const struct node *n, bool *out)
{
	if (!json_is_boolean(n->value))
		return wrong_type(n, "true or false");
	*out = json_is_true(n->value);
	return true;
}

bool
node_flag(const struct node *object, const char *key, bool *out)
{
	struct node n = node_get(object, key);

	*out = false;
	return !node_is_there(&n) || node_bool(&n, out);
}

/* ---- text ----------------------------------------------------------------------- */

bool
node_text(const struct node *n, const char **out)
{
	if (!json_is_string(n->value))
		return wrong_type(n, "text");
	*out = json_string_value(n->value);
	return true;
}

bool
node_word(const struct node *n, struct node_words words, unsigned *out)
{
	char word[SHOWN];
	const char *text = "";

	if (!node_text(n, &text))
		return false;
	for (unsigned i = 0; i < words.count; i++) {
		if (words.word[i] != NULL && strcmp(words.word[i], text) == 0) {
			*out = i;
			return true;
		}
	}
	return node_fault(n, "\"%s\" is no word that is known here", shown(text, word));
}

bool
node_keep(const struct node *n, char **out)
{
	const char *text = "";
	size_t length;
	char *copy;

	if (!node_text(n, &text))
		return false;
	length = strlen(text); /* nothing becomes longer: jansson lets only UTF-8 in */
	copy = malloc(length + 1);
	if (copy == NULL)
		return node_no_memory(n);
	utf8_clean(text, length, copy, length + 1);
	*out = copy;
	return true;
}

bool
node_keep_or_null(const struct node *n, char **out)
{
	if (!node_is_null(n))
		return node_keep(n, out);
	*out = NULL;
	return true;
}

bool
node_copy(const struct node *n, char *out, size_t room)
{
	const char *text = "";

	if (!node_text(n, &text))
		return false;
	if (strlen(text) >= room)
		return node_fault(n, "is longer than %zu bytes", room - 1);
	utf8_clean(text, strlen(text), out, room);
	return true;
}

bool
node_addr(const struct node *n, struct addr *out)
{
	char word[SHOWN];
	const char *text = "";

	if (!node_text(n, &text))
		return false;
	return addr_parse(text, out) ||
	    node_fault(n, "\"%s\" is no address", shown(text, word));
}

bool
node_addr_or_null(const struct node *n, struct addr *out)
{
	if (!node_is_null(n))
		return node_addr(n, out);
	*out = (struct addr){.family = ADDR_NONE};
	return true;
}

bool
node_utc(const struct node *n, struct wall *out)
{
	char word[SHOWN];
	const char *text = "";

	if (!node_text(n, &text))
		return false;
	return wall_parse(text, out) ||
	    node_fault(n,
		"\"%s\" is no time in UTC, such as 2025-06-07T00:46:12.345678Z",
		shown(text, word));
}
