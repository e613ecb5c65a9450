#include <faultline/document.h>

#include "json_int.h"

enum { DIGITS = 15 }; /* of numbers with a fraction: a nanosecond in eleven days */

static bool
no_memory(struct err *e)
{
	err_set(e, ERR_MEMORY, 0, "no memory for the result document");
	return false;
}

/* Write one value and let go of it. */
static bool
put_value(json_t *value, FILE *out, struct err *e)
{
	int status;

	if (value == NULL)
		return no_memory(e);
	status = json_dumpf(value, out, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
	json_decref(value);
	return status == 0 || ferror(out) || no_memory(e);
}

static bool
put_member(const char *key, json_t *value, FILE *out, struct err *e)
{
	fprintf(out, ",\n\"%s\":", key);
	return put_value(value, out, e);
}

/* How one path is put, and whether any was before it. */
struct form {
	bool lines; /* each a line of its own */
	bool first;
};

/* A line of its own: the value with its type and the document's version before it. */
static bool
put_line(const char *type, const char *key, json_t *value, FILE *out, struct err *e)
{
	json_t *line;

	if (value == NULL)
		return no_memory(e);
	line = json_pack(
	    "{s:s,s:i,s:o}", "type", type, "version", RESULT_VERSION, key, value);
	if (!put_value(line, out, e))
		return false;
	fputc('\n', out);
	return true;
}

static bool
put_path(struct form *form, json_t *path, FILE *out, struct err *e)
{
	if (form->lines)
		return put_line("faultline-path", "path", path, out, e);
	fputs(form->first ? "\n" : ",\n", out);
	form->first = false;
	return put_value(path, out, e);
}

/* All paths of a target. */
static bool
put_goal(const struct result *r, const struct goal *g, struct form *form, FILE *out,
    struct err *e)
{
	struct track *tracks = result_tracks(r, g);
	bool good = tracks != NULL || no_memory(e);

	for (size_t i = 0; good && i < g->paths; i++)
		good = put_path(form, json_path(r, g, &tracks[i]), out, e);
	result_release(g, tracks);
	return good;
}

static bool
put_goals(const struct result *r, bool lines, FILE *out, struct err *e)
{
	struct form form = {.lines = lines, .first = true};
	bool good = true;

	for (size_t i = 0; good && i < r->goals; i++)
		good = put_goal(r, &r->goal[i], &form, out, e);
	return good;
}

static bool
put_paths(const struct result *r, FILE *out, struct err *e)
{
	fputs(",\n\"paths\":[", out);
	if (!put_goals(r, false, out, e))
		return false;
	fputs("]", out);
	return true;
}

static bool
write_json(const struct result *r, FILE *out, struct err *e)
{
	fprintf(out, "{\"type\":\"faultline\",\n\"version\":%d", RESULT_VERSION);
	if (!put_member("run", json_run(r), out, e) || !put_paths(r, out, e) ||
	    !put_member("upstreams", json_array(), out, e) ||
	    !put_member("controls", json_array(), out, e) ||
	    !put_member("verdict", json_verdict(r), out, e))
		return false;
	fputs("}\n", out);
	return true;
}

static bool
write_lines(const struct result *r, FILE *out, struct err *e)
{
	return put_line("faultline-run", "run", json_run(r), out, e) &&
	    put_goals(r, true, out, e) &&
	    put_line("faultline-verdict", "verdict", json_verdict(r), out, e);
}

bool
document_write(
    const struct result *r, enum document_form form, FILE *out, struct err *e)
{
	return form == DOCUMENT_JSON ? write_json(r, out, e) : write_lines(r, out, e);
}
