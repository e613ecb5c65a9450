#include "outbox.h"

#include <faultline/clock.h>

#include <errno.h>

static const int64_t ROOM_PAUSE = 300 * TIME_US; /* until the kernel has room again */

bool
outbox_is_full(const struct outbox *o)
{
	return o->count == OUTBOX_ROOM;
}

/* The RST is a courtesy: if it cannot be made, the target's own timer ends it. */
static size_t
build_reset(struct outbox *o, const struct action *a)
{
	struct err ignored = {.code = ERR_NONE};

	return craft_reset(o->craft, a->flow, &a->spec, o->packet[o->count], &ignored);
}

bool
outbox_put(struct outbox *o, struct engine *en, const struct action *a, struct mono now,
    struct err *e)
{
	uint8_t *packet = o->packet[o->count];
	size_t n;

	if (a->kind == ACTION_RESET) {
		n = build_reset(o, a);
		if (n == 0)
			return true;
	} else {
		n = craft_probe(o->craft, a->flow, &a->spec, packet, e);
		if (n == 0)
			return false;
		engine_sent(en, a, now);
	}
	o->action[o->count] = *a;
	o->parcel[o->count] =
	    (struct parcel){.dst = &a->flow->dst, .packet = packet, .n = n};
	o->count++;
	return true;
}

static bool
is_no_room(int error)
{
	return error == ENOBUFS || error == EAGAIN || error == EWOULDBLOCK;
}

/* There is no room for those from `first` on: the engine shall make them again. */
static void
take_back(struct outbox *o, struct engine *en, size_t first)
{
	struct mono until = mono_add(clock_now(), ROOM_PAUSE);

	for (size_t i = o->count; i > first; i--)
		engine_blocked(en, &o->action[i - 1], until);
}

bool
outbox_empty(struct outbox *o, struct engine *en)
{
	size_t done = 0;
	bool all = true;

	while (done < o->count) {
		int error;

		done +=
		    sender_send(o->sender, o->parcel + done, o->count - done, &error);
		if (error == 0)
			break;
		all = false;
		if (is_no_room(error)) {
			take_back(o, en, done);
			break;
		}
		engine_unsendable(en, &o->action[done++], error, clock_now());
	}
	o->count = 0;
	return all;
}
