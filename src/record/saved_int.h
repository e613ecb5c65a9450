/*
 * saved_int - a saved run that is being read, and that has been. Private to saved.c and
 * saved_whole.c.
 */
#ifndef FAULTLINE_SAVED_INT_H
#define FAULTLINE_SAVED_INT_H

#include "read_int.h"

struct saved {
	char *name; /* path of the file */
	struct reading in;
	struct file *file;
	json_t *document; /* the one object; NULL once lines are read */
	size_t at, count; /* the next of its paths, and how many there are */
	bool lines;
	bool judged; /* the line of the verdict was there */
	bool broken; /* after a fault nothing more comes */
	/* the target of the last path; NULL: there was none */
	char *asked;
	uint32_t target;
	struct addr dst;

	struct result result;
	struct run_texts texts;

	/* of a whole run (saved_read) */
	struct path **path;
	size_t paths, path_room;
	uint32_t *number; /* 0, 1, 2, ...: what goals point into */
	struct goal *goal;
	size_t goals, goal_room;
	char **asks; /* what they were asked by, owned */
	size_t ask_room;
	struct saved_name *known; /* sorted by address when all is read */
	size_t names, name_room;
};

/* What only a whole run has. */
void saved_release_run(struct saved *s);

#endif
