/*
 * resave [-o json|jsonl|text|count] [-d ASN.mmdb] [-t SPECIAL.tsv] FILE
 *
 * Reads a saved run and writes it again, its networks found anew in these files, or in
 * none. With -o count, reads it path by path and prints how many it has, its probes and
 * its replies.
 */
#define _GNU_SOURCE /* getopt */
#include <faultline/document.h>
#include <faultline/outcome.h>
#include <faultline/report.h>
#include <faultline/saved.h>
#include <faultline/special.h>
#include <faultline/survey.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 100 };

struct resave {
	const char *form, *file;
	struct owner_tables tables;
	struct special_table *special;
	struct mmdb *mmdb;
	struct survey *survey;
	struct saved *saved;
};

static bool
survey(struct resave *x, struct result *r, struct err *e)
{
	struct survey_conf conf = {
	    .tables = x->tables,
	    .vantage = r->run.src,
	    .name = r->names.get,
	    .names = r->names.context,
	};
	bool good;

	x->survey = survey_new(&conf);
	good = x->survey != NULL;
	for (size_t i = 0; good && i < r->paths; i++)
		good = survey_add(x->survey, r->path[i]);
	if (!good)
		err_set(e, ERR_MEMORY, 0, "no memory");
	r->survey = x->survey;
	r->words = outcome_sentence;
	return good;
}

static bool
write_again(struct resave *x, struct err *e)
{
	struct report_style style = {.width = WIDTH};
	struct result r;

	x->saved = saved_read(x->file, e);
	if (x->saved == NULL)
		return false;
	r = *saved_result(x->saved);
	if (!survey(x, &r, e))
		return false;
	if (strcmp(x->form, "text") != 0)
		return document_write(&r,
		    strcmp(x->form, "jsonl") == 0 ? DOCUMENT_JSONL : DOCUMENT_JSON,
		    stdout, e);
	report_text(&r, &style, stdout);
	return true;
}

static bool
count(struct resave *x, struct err *e)
{
	size_t paths = 0, probes = 0, replies = 0;
	enum saved_next next;
	struct saved_path p;

	x->saved = saved_open(x->file, e);
	if (x->saved == NULL)
		return false;
	while ((next = saved_next(x->saved, &p, e)) == SAVED_PATH) {
		paths++;
		probes += p.path.shot_count;
		replies += p.path.reply_count;
		saved_path_free(&p);
	}
	printf("%zu paths, %zu probes, %zu replies\n", paths, probes, replies);
	return next == SAVED_END;
}

static bool
take_option(struct resave *x, int option, struct err *e)
{
	switch (option) {
	case 'o':
		x->form = optarg;
		return true;
	case 'd':
		x->tables.mmdb = x->mmdb = mmdb_open(optarg, e);
		return x->mmdb != NULL;
	case 't':
		x->tables.special = x->special = special_load(optarg, e);
		return x->special != NULL;
	}
	return false;
}

int
main(int argc, char **argv)
{
	struct resave x = {.form = "json"};
	struct err e = {.code = ERR_NONE};
	bool good = true;
	int option;

	while (good && (option = getopt(argc, argv, "o:d:t:")) != -1)
		good = take_option(&x, option, &e);
	if (good && optind + 1 == argc) {
		x.file = argv[optind];
		good =
		    strcmp(x.form, "count") == 0 ? count(&x, &e) : write_again(&x, &e);
	} else if (good) {
		err_set(&e, ERR_USAGE, 0, "usage: resave [OPTIONS] FILE");
		good = false;
	}
	if (!good)
		fprintf(stderr, "%s\n", e.text);
	survey_free(x.survey);
	saved_free(x.saved);
	mmdb_close(x.mmdb);
	special_free(x.special);
	return good ? 0 : 1;
}
