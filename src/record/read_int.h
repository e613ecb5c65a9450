/*
 * read_int - reading a result document: its values, each with its place. Private to
 * src/record.
 */
#ifndef FAULTLINE_READ_INT_H
#define FAULTLINE_READ_INT_H

#include <faultline/saved.h>

#include <jansson.h>

/* ---- values --------------------------------------------------------------------- */

/* The file that is read, and where faults are written down. */
struct reading {
	const char *path;
	unsigned long line; /* of a file of lines; 0: the file is one value */
	struct err *e;
};

/* A value of the document with the way to it: `up`, then `key` or `index`. */
struct node {
	const struct node *up; /* NULL: the document, or the line, itself */
	const char *key; /* NULL: an element of an array */
	size_t index;
	const json_t *value; /* NULL: not there */
	const struct reading *in;
};

/* The values of an enumeration as words; NULL where there is none. */
struct node_words {
	const char *const *word;
	unsigned count;
};

/*
 * The functions below that return a bool record what is wrong in *in->e and return
 * false; whatever they were to fill is untouched then.
 */

/* "FILE: paths[3].dst: is what the format says"; returns false. */
bool node_fault(const struct node *n, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool node_no_memory(const struct node *n);

struct node node_root(const struct reading *in, const json_t *value);
struct node node_get(const struct node *object, const char *key);
struct node node_at(const struct node *array, size_t i);

bool node_is_there(const struct node *n);
bool node_is_null(const struct node *n);

bool node_object(const struct node *n);
bool node_array(const struct node *n, size_t most, size_t *count);
bool node_integer(const struct node *n, int64_t least, int64_t most, int64_t *out);
bool node_u8(const struct node *n, uint8_t least, uint8_t *out);
bool node_u16(const struct node *n, uint16_t *out);
bool node_u32(const struct node *n, uint32_t most, uint32_t *out);
bool node_count(const struct node *n, uint64_t *out);
bool node_number(const struct node *n, double least, double most, double *out);
bool node_ms(const struct node *n, bool signs, int64_t *ns);
bool node_bool(const struct node *n, bool *out);
bool node_word(const struct node *n, struct node_words words, unsigned *out);
bool node_addr(const struct node *n, struct addr *out);
bool node_addr_or_null(const struct node *n, struct addr *out); /* ADDR_NONE */
bool node_utc(const struct node *n, struct wall *out);

/* The text as it stands; borrowed from the document. */
bool node_text(const struct node *n, const char **out);

/* A printable copy, to be freed; node_keep_or_null gives NULL for null. */
bool node_keep(const struct node *n, char **out);
bool node_keep_or_null(const struct node *n, char **out);

/* A text into an array of `room` bytes, at most one less of them and printable. */
bool node_copy(const struct node *n, char *out, size_t room);

/* A member that is true or not there. */
bool node_flag(const struct node *object, const char *key, bool *out);

/* ---- the file ------------------------------------------------------------------- */

struct file; /* its text, and how far it was read */

enum file_next {
	FILE_VALUE, /* a value; of a file of lines, the next line that is not blank */
	FILE_END,
	FILE_FAULT
};

/* NULL with *in->e filled. `in` is borrowed while the file is open. */
struct file *file_open(struct reading *in);
void file_close(struct file *f); /* NULL is allowed */

/*
 * The next value; a new reference. Sets in->line if the file has lines, which it has if
 * the first one is a value by itself, and *lines.
 */
enum file_next file_next(struct file *f, json_t **value, bool *lines);

/* ---- the parts of the document -------------------------------------------------- */

/* What the result of a run points to. */
struct run_texts {
	char *command, *host, *interface;
	char *profile_name, *profile_title;
	struct result_profile profile;
	struct result_database *database;
	char **database_name;
	size_t databases;
};

/* The object `run`, into out->run, out->conf and out->flows. */
bool read_run(const struct node *n, struct result *out, struct run_texts *texts);
void read_run_free(struct run_texts *texts);

/* A path; what a fault leaves in *out is to be freed all the same. */
bool read_path(const struct node *n, struct saved_path *out);

/* The probes and replies of a path whose flow and start are known. */
bool read_probes(const struct node *n, struct path *p);
bool read_replies(const struct node *n, struct path *p);

/* The ICMP extensions of a reply, or nothing if it has none. */
bool read_extensions(const struct node *reply, struct icmpext **out);

#endif
