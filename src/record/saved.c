/* A saved run, path after path, in both forms of the document. */
#include "saved_int.h"

#include <stdlib.h>
#include <string.h>

static const char OBJECT_TYPE[] = "faultline";
static const char LINE_TYPE[] = "faultline-"; /* and what the line is */

static bool
no_memory(const struct saved *s)
{
	struct node root = node_root(&s->in, NULL);

	return node_no_memory(&root);
}

/* ---- what a value is ------------------------------------------------------------ */

/* The type of a document or line, which must be of our version. */
static bool
read_type(const struct node *root, const char **type)
{
	struct node is = node_get(root, "type"), version = node_get(root, "version");
	int64_t number;

	if (!node_object(root))
		return false;
	if (!json_is_string(is.value) ||
	    strncmp(json_string_value(is.value), OBJECT_TYPE, sizeof OBJECT_TYPE - 1) !=
		0)
		return node_fault(
		    root, "is no result of faultline: its \"type\" does not say so");
	*type = json_string_value(is.value);
	if (!node_integer(&version, INT64_MIN, INT64_MAX, &number))
		return false;
	return number == RESULT_VERSION ||
	    node_fault(&version, "is %lld; this program reads version %d",
		(long long)number, RESULT_VERSION);
}

/* Paths of one target stand together and agree on it; targets are in their order. */
static bool
check_target(struct saved *s, const struct node *n, const struct saved_path *p)
{
	struct node target = node_get(n, "target");
	struct node asked = node_get(n, "asked"), dst = node_get(n, "dst");

	if (s->asked != NULL && p->target < s->target)
		return node_fault(&target, "is %u behind %u: the order is broken",
		    p->target, s->target);
	if (s->asked == NULL || p->target != s->target) {
		free(s->asked);
		s->asked = strdup(p->asked);
		s->target = p->target;
		s->dst = p->path.flow.dst;
		return s->asked != NULL || no_memory(s);
	}
	if (strcmp(s->asked, p->asked) != 0)
		return node_fault(&asked,
		    "differs from that of the path before, which "
		    "is of the same target");
	return addr_equal(&s->dst, &p->path.flow.dst) ||
	    node_fault(&dst,
		"differs from that of the path before, which is of the "
		"same target");
}

static enum saved_next
take_path(struct saved *s, const struct node *n, struct saved_path *out)
{
	if (read_path(n, out) && check_target(s, n, out))
		return SAVED_PATH;
	saved_path_free(out);
	s->broken = true;
	return SAVED_FAULT;
}

/* ---- one object ----------------------------------------------------------------- */

/* Members of which only is asked that they are what they should be. */
static bool
check_rest(const struct node *root)
{
	struct node verdict = node_get(root, "verdict");
	struct node upstreams = node_get(root, "upstreams");
	struct node controls = node_get(root, "controls");
	size_t count;

	return node_object(&verdict) && node_array(&upstreams, SIZE_MAX, &count) &&
	    node_array(&controls, SIZE_MAX, &count);
}

/* The file must end behind the object. */
static bool
check_end(struct saved *s)
{
	struct node root = node_root(&s->in, NULL);
	json_t *more = NULL;
	bool lines;

	switch (file_next(s->file, &more, &lines)) {
	case FILE_END:
		return true;
	case FILE_VALUE:
		json_decref(more);
		return node_fault(&root, "stands behind the document");
	case FILE_FAULT:
		break;
	}
	return false;
}

static bool
open_object(struct saved *s)
{
	struct node root = node_root(&s->in, s->document);
	struct node run = node_get(&root, "run"), paths = node_get(&root, "paths");

	if (!check_end(s))
		return false;
	s->in.line = 0;
	return read_run(&run, &s->result, &s->texts) &&
	    node_array(&paths, UINT32_MAX, &s->count) && check_rest(&root);
}

static enum saved_next
next_in_object(struct saved *s, struct saved_path *out)
{
	struct node root = node_root(&s->in, s->document);
	struct node paths = node_get(&root, "paths");
	struct node one = node_at(&paths, s->at);

	if (s->at == s->count)
		return SAVED_END;
	s->at++;
	return take_path(s, &one, out);
}

/* ---- lines ---------------------------------------------------------------------- */

static bool
open_lines(struct saved *s)
{
	struct node root = node_root(&s->in, s->document);
	struct node run = node_get(&root, "run");
	bool good = read_run(&run, &s->result, &s->texts);

	json_decref(s->document);
	s->document = NULL;
	s->lines = true;
	return good;
}

static enum saved_next
fault(struct saved *s)
{
	s->broken = true;
	return SAVED_FAULT;
}

/* A line behind the first one. SAVED_END: it has no path, and the next one may. */
static enum saved_next
take_line(struct saved *s, const struct node *root, struct saved_path *out)
{
	struct node path = node_get(root, "path"), verdict = node_get(root, "verdict");
	const char *type;

	if (!read_type(root, &type))
		return fault(s);
	if (s->judged) {
		node_fault(root, "stands behind the verdict");
		return fault(s);
	}
	if (strcmp(type, "faultline-path") == 0)
		return take_path(s, &path, out);
	if (strcmp(type, "faultline-verdict") == 0) {
		s->judged = true;
		return node_object(&verdict) ? SAVED_END : fault(s);
	}
	if (strcmp(type, "faultline-run") == 0 ||
	    strncmp(type, LINE_TYPE, sizeof LINE_TYPE - 1) != 0) {
		node_fault(root,
		    "is no line that can stand here: a run has one "
		    "beginning");
		return fault(s);
	}
	return SAVED_END; /* of a later writer */
}

static enum saved_next
next_line(struct saved *s, struct saved_path *out)
{
	enum saved_next next = SAVED_END;
	bool lines;

	while (next == SAVED_END) {
		json_t *value = NULL;
		struct node root;

		switch (file_next(s->file, &value, &lines)) {
		case FILE_FAULT:
			return fault(s);
		case FILE_END:
			s->in.line = 0;
			root = node_root(&s->in, NULL);
			if (s->judged)
				return SAVED_END;
			node_fault(&root,
			    "ends without the line of the verdict: the "
			    "file was cut short");
			return fault(s);
		case FILE_VALUE:
			break;
		}
		root = node_root(&s->in, value);
		next = take_line(s, &root, out);
		json_decref(value);
	}
	return next;
}

/* ---- both ----------------------------------------------------------------------- */

static bool
open_document(struct saved *s)
{
	struct node root;
	const char *type;
	bool lines;

	if (file_next(s->file, &s->document, &lines) != FILE_VALUE)
		return false;
	if (!lines)
		s->in.line = 0;
	root = node_root(&s->in, s->document);
	if (!read_type(&root, &type))
		return false;
	if (strcmp(type, OBJECT_TYPE) == 0)
		return open_object(s);
	if (strcmp(type, "faultline-run") == 0)
		return open_lines(s);
	return node_fault(&root, "does not begin with the line of the run");
}

struct saved *
saved_open(const char *path, struct err *e)
{
	struct saved *s = calloc(1, sizeof *s);

	if (s != NULL)
		s->name = strdup(path);
	if (s == NULL || s->name == NULL) {
		err_set(e, ERR_MEMORY, 0, "%s: no memory to read it", path);
		saved_free(s);
		return NULL;
	}
	s->in = (struct reading){.path = s->name, .e = e};
	s->file = file_open(&s->in);
	if (s->file == NULL || !open_document(s)) {
		saved_free(s);
		return NULL;
	}
	return s;
}

enum saved_next
saved_next(struct saved *s, struct saved_path *out, struct err *e)
{
	memset(out, 0, sizeof *out);
	s->in.e = e;
	if (s->broken) {
		struct node root = node_root(&s->in, NULL);

		node_fault(&root, "nothing can be read behind the first fault");
		return SAVED_FAULT;
	}
	return s->lines ? next_line(s, out) : next_in_object(s, out);
}

const struct result *
saved_result(const struct saved *s)
{
	return &s->result;
}

void
saved_free(struct saved *s)
{
	if (s == NULL)
		return;
	saved_release_run(s);
	json_decref(s->document);
	file_close(s->file);
	read_run_free(&s->texts);
	free(s->asked);
	free(s->name);
	free(s);
}
