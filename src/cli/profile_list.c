/* faultline profile list: the profiles, by the folders that they lie in. */
#include "profile_tasks.h"
#include "say.h"
#include "words.h"

#include <faultline/profiles.h>
#include <faultline/str.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 4, CELL = 2304, GAP = 2, WIDEST = 30 };

struct row {
	size_t place;
	char cell[COLUMNS][CELL]; /* the last may go on below itself */
};

static const char *const TITLE[COLUMNS] = {"NAME", "TARGET", "TO CHECK", "UPSTREAMS"};

static void
describe(const struct profiles_entry *entry, struct row *out)
{
	struct err e = {.code = ERR_NONE};
	struct profile *p = profile_load(entry->path, NULL, NULL, &e);
	struct str last = str_open(out->cell[3], CELL);

	out->place = entry->place;
	snprintf(out->cell[0], CELL, "%s", entry->id);
	if (p == NULL) {
		snprintf(out->cell[1], CELL, "%s",
		    e.code == ERR_FORMAT ? "(has faults)" : "(cannot be read)");
		snprintf(out->cell[2], CELL, "?");
		str_add(&last, "profile check %s", entry->id);
		return;
	}
	snprintf(out->cell[1], CELL, "%s", p->name);
	if (p->doubts > 0)
		snprintf(out->cell[2], CELL, "%zu", p->doubts);
	else
		snprintf(out->cell[2], CELL, "-");
	for (size_t i = 0; i < p->upstreams; i++)
		str_add(&last, "%s%s", i > 0 ? " " : "", p->upstream[i].label);
	if (p->upstreams == 0)
		str_add(&last, "none known");
	profile_free(p);
}

static void
print_row(const char *const cell[COLUMNS], const size_t width[COLUMNS])
{
	unsigned column = 0, last = 0;

	for (int i = 0; i + 1 < COLUMNS; i++) {
		size_t n = str_columns(cell[i]);
		int gap = GAP + (n < width[i] ? (int)(width[i] - n) : 0);

		say_text(stdout, cell[i]);
		printf("%*s", gap, "");
		column += (unsigned)n + (unsigned)gap;
		last += (unsigned)width[i] + GAP;
	}
	words_print(cell[COLUMNS - 1], column, last);
}

/* The rows of one folder under its path. */
static void
print_folder(const struct row *row, const struct profiles *all, size_t place,
    const size_t width[COLUMNS])
{
	bool begun = false;

	for (size_t k = 0; k < all->count; k++) {
		const char *path = all->item[k].path;
		char folder[SEARCH_PATH];
		const char *cell[COLUMNS];

		if (row[k].place != place)
			continue;
		if (!begun) {
			snprintf(folder, sizeof folder, "%.*s",
			    (int)(strrchr(path, '/') - path), path);
			putchar('\n');
			say_text(stdout, folder);
			puts(":");
			begun = true;
		}
		for (int i = 0; i < COLUMNS; i++)
			cell[i] = row[k].cell[i];
		print_row(cell, width);
	}
}

static void
print_all(const struct row *row, const struct profiles *all)
{
	size_t width[COLUMNS];
	size_t places = 0;

	for (int i = 0; i < COLUMNS; i++)
		width[i] = strlen(TITLE[i]);
	for (size_t k = 0; k < all->count; k++) {
		for (int i = 0; i < COLUMNS; i++) {
			size_t n = str_columns(row[k].cell[i]);

			width[i] = n > width[i] ? n : width[i];
			width[i] = width[i] < WIDEST ? width[i] : WIDEST;
		}
		places = row[k].place < places ? places : row[k].place + 1;
	}
	print_row(TITLE, width);
	for (size_t place = 0; place < places; place++)
		print_folder(row, all, place, width);
}

int
profile_tasks_list(const struct search_env *env)
{
	struct err e = {.code = ERR_NONE};
	struct profiles all;
	struct row *row = NULL;

	if (profiles_list(env, &all, &e))
		row = calloc(all.count + 1, sizeof *row);
	if (row == NULL) {
		profiles_release(&all);
		say("no memory for the list of profiles");
		return EXIT_CANNOT;
	}
	for (size_t i = 0; i < all.count; i++)
		describe(&all.item[i], &row[i]);
	if (all.count > 0)
		print_all(row, &all);
	else
		profile_tasks_say_none();
	free(row);
	profiles_release(&all);
	return EXIT_GOOD;
}
