/*
 * outbox - probes that have been made and are not yet with the kernel. Private to
 * src/wire.
 *
 * A system call for each probe costs more than making it, so they leave some at a time.
 * The engine is told at once that a probe has been sent, and told otherwise if the
 * kernel does not take it.
 */
#ifndef FAULTLINE_OUTBOX_H
#define FAULTLINE_OUTBOX_H

#include <faultline/craft.h>
#include <faultline/engine.h>
#include <faultline/send.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUTBOX_ROOM = 64 };

struct outbox {
	struct craft *craft; /* borrowed */
	struct sender *sender; /* borrowed */
	size_t count;
	struct action action[OUTBOX_ROOM];
	struct parcel parcel[OUTBOX_ROOM];
	uint8_t packet[OUTBOX_ROOM][CRAFT_MAX];
};

/*
 * Build the probe (ACTION_SEND) or the RST (ACTION_RESET) of an action and keep it; the
 * outbox must not be full. False with *e filled if a probe cannot be built.
 */
bool outbox_put(struct outbox *o, struct engine *en, const struct action *a,
    struct mono now, struct err *e);

bool outbox_is_full(const struct outbox *o);

/*
 * Hand all of them to the kernel. False if it did not take some; the engine has been
 * told, and may want something else now.
 */
bool outbox_empty(struct outbox *o, struct engine *en);

#endif
