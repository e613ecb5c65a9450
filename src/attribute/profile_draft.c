/* Facts and faults as they are collected while a profile is read. */
#include "profile_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 16 };

void *
profile_append(struct profile_draft *d, struct profile_list *l, size_t size)
{
	if (l->count == l->room) {
		size_t room = l->room == 0 ? ROOM_FIRST : 2 * l->room;
		void *more = realloc(l->item, room * size);

		if (more == NULL) {
			d->no_memory = true;
			return NULL;
		}
		l->item = more;
		l->room = room;
	}
	return memset((char *)l->item + size * l->count++, 0, size);
}

const char *
profile_text(struct profile_draft *d, const char *text)
{
	const char *copy = textkeep_copy(&d->texts, text);

	d->no_memory |= copy == NULL;
	return copy != NULL ? copy : "";
}

static void add_error(struct profile_draft *d, unsigned line, const char *format,
    va_list ap) __attribute__((format(printf, 3, 0)));

static void
add_error(struct profile_draft *d, unsigned line, const char *format, va_list ap)
{
	struct profile_error *error;
	char text[PROFILE_FAULT_TEXT];

	if (d->errors.count == PROFILE_FAULTS) {
		d->unsaid++;
		return;
	}
	error = profile_append(d, &d->errors, sizeof *error);
	if (error == NULL)
		return;
	vsnprintf(text, sizeof text, format, ap);
	error->line = line;
	error->order = (unsigned)d->errors.count;
	error->text = profile_text(d, text);
}

void
profile_fault_at(struct profile_draft *d, unsigned line, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_error(d, line, format, ap);
	va_end(ap);
}

void
profile_fault_here(struct profile_draft *d, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_error(d, d->line, format, ap);
	va_end(ap);
}

struct profile_section *
profile_section_of(const struct profile_draft *d, size_t i)
{
	return (struct profile_section *)d->sections.item + i;
}

struct profile_fact *
profile_fact_of(const struct profile_draft *d, size_t i)
{
	return (struct profile_fact *)d->facts.item + i;
}
