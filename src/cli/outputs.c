#include "outputs.h"

#include "say.h"
#include "terminal.h"

#include <faultline/document.h>
#include <faultline/report.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 100 };

static bool
add(struct outputs *out, enum output_format format, const char *path, struct err *e)
{
	struct output *one = &out->output[out->count];

	one->format = format;
	one->file = NULL;
	if (path != NULL) {
		one->file = atomic_open(path, e);
		if (one->file == NULL)
			return false;
	}
	out->count++;
	return true;
}

bool
outputs_open(struct outputs *out, const struct options *o, struct err *e)
{
	bool taken = false; /* standard output */
	bool good = true;

	memset(out, 0, sizeof *out);
	out->color = o->color;
	for (size_t i = 0; i < o->outputs && good; i++) {
		taken |= o->output[i].path == NULL;
		good = add(out, o->output[i].format, o->output[i].path, e);
	}
	if (good && o->save != NULL)
		good = add(out, OUTPUT_JSON, o->save, e);
	if (good && !taken)
		good = add(out, OUTPUT_TEXT, NULL, e);
	if (!good)
		outputs_abandon(out);
	return good;
}

bool
outputs_need_digest(const struct outputs *out)
{
	for (size_t i = 0; i < out->count; i++) {
		if (out->output[i].format != OUTPUT_TEXT)
			return true;
	}
	return false;
}

static bool
render(const struct outputs *out, const struct output *one, const struct result *r,
    FILE *f, struct err *e)
{
	struct report_style style = {
	    .color = terminal_color((enum color_choice)out->color, f),
	    .utf8 = terminal_utf8(),
	    .width = WIDTH,
	};

	switch (one->format) {
	case OUTPUT_TEXT:
		report_text(r, &style, f);
		return true;
	case OUTPUT_JSON:
		return document_write(r, DOCUMENT_JSON, f, e);
	case OUTPUT_JSONL:
		return document_write(r, DOCUMENT_JSONL, f, e);
	}
	return false;
}

static bool
write_standard(const struct outputs *out, const struct output *one,
    const struct result *r, struct err *e)
{
	errno = 0;
	if (!render(out, one, r, stdout, e))
		return false;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return true;
	err_set(e, ERR_SYSTEM, errno, "cannot write to standard output: %s",
	    errno != 0 ? strerror(errno) : "write error");
	return false;
}

static bool
write_file(const struct outputs *out, struct output *one, const struct result *r,
    struct err *e)
{
	struct atomic_file *file = one->file;

	one->file = NULL;
	if (render(out, one, r, atomic_stream(file), e))
		return atomic_commit(file, e);
	atomic_abandon(file);
	return false;
}

bool
outputs_write(struct outputs *out, const struct result *r)
{
	bool all = true;

	/* standard output first: somebody may be waiting for it */
	for (int files = 0; files < 2; files++) {
		for (size_t i = 0; i < out->count; i++) {
			struct output *one = &out->output[i];
			struct err e = {.code = ERR_NONE};
			bool good = true;

			if (files == 0 && one->file == NULL)
				good = write_standard(out, one, r, &e);
			else if (files == 1 && one->file != NULL)
				good = write_file(out, one, r, &e);
			if (!good)
				say_error(&e);
			all &= good;
		}
	}
	return all;
}

void
outputs_abandon(struct outputs *out)
{
	for (size_t i = 0; i < out->count; i++) {
		atomic_abandon(out->output[i].file);
		out->output[i].file = NULL;
	}
	out->count = 0;
}
