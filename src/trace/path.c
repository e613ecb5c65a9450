/* The measurement record: appending to it. Folding it into rows: hops.c. */
#include <faultline/path.h>

#include <stdlib.h>
#include <string.h>

const char *
stop_reason_name(enum stop_reason stop)
{
	switch (stop) {
	case STOP_NONE:
		return "NONE";
	case STOP_COMPLETED:
		return "COMPLETED";
	case STOP_UNREACH:
		return "UNREACH";
	case STOP_LOOP:
		return "LOOP";
	case STOP_GAPLIMIT:
		return "GAPLIMIT";
	case STOP_MAXTTL:
		return "MAXTTL";
	case STOP_SENDERROR:
		return "SENDERROR";
	case STOP_INTERRUPTED:
		return "INTERRUPTED";
	}
	return "?";
}

/* Room for one more element; the new array or NULL. */
static void *
grow(void *array, size_t size, uint32_t count, uint32_t *room)
{
	uint32_t more;
	void *p;

	if (count < *room)
		return array;
	more = *room == 0 ? 24 : *room + *room / 2;
	p = realloc(array, more * size);
	if (p != NULL)
		*room = more;
	return p;
}

struct shot *
path_add_shot(struct path *p)
{
	struct shot *s = grow(p->shots, sizeof *s, p->shot_count, &p->shot_room);

	if (s == NULL)
		return NULL;
	p->shots = s;
	s += p->shot_count++;
	memset(s, 0, sizeof *s);
	return s;
}

struct reply *
path_add_reply(struct path *p)
{
	struct reply *r = grow(p->replies, sizeof *r, p->reply_count, &p->reply_room);

	if (r == NULL)
		return NULL;
	p->replies = r;
	r += p->reply_count++;
	memset(r, 0, sizeof *r);
	return r;
}

void
path_free(struct path *p)
{
	for (uint32_t i = 0; i < p->reply_count; i++)
		free(p->replies[i].ext);
	free(p->replies);
	free(p->shots);
	memset(p, 0, sizeof *p);
}

uint8_t
path_high(const struct path *p)
{
	uint8_t high = 0;

	for (uint32_t i = 0; i < p->reply_count; i++) {
		uint8_t ttl = p->shots[p->replies[i].shot].ttl;

		if (p->replies[i].kind != REPLY_ADVICE && ttl > high)
			high = ttl;
	}
	return high;
}

int64_t
path_rtt(const struct path *p, const struct reply *r)
{
	int64_t rtt;

	if (r->unmeasured)
		return -1;
	rtt = mono_since(r->when, p->shots[r->shot].sent);
	return rtt >= 0 ? rtt : -1;
}
