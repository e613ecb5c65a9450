#include "progress.h"

#include <stdio.h>
#include <unistd.h>

static const int64_t MOMENT = TIME_S;

void
progress_open(struct progress *p, size_t targets, struct mono now)
{
	*p = (struct progress){
	    .started = now,
	    .targets = targets,
	    .terminal = isatty(STDERR_FILENO) == 1,
	};
}

static size_t
reached(const struct engine *en)
{
	size_t n = 0;

	for (uint32_t i = 0; i < engine_path_count(en); i++)
		n += engine_path(en, i)->reached;
	return n;
}

void
progress_show(struct progress *p, const struct engine *en, struct mono now)
{
	int64_t elapsed = mono_since(now, p->started);

	if (!p->terminal || elapsed < MOMENT)
		return;
	fprintf(stderr,
	    "\r%.0f s: %zu target%s, %zu reached, %llu probes sent, %llu answers\033[K",
	    (double)elapsed / (double)TIME_S, p->targets, p->targets == 1 ? "" : "s",
	    reached(en), (unsigned long long)engine_counters(en)->sent,
	    (unsigned long long)engine_counters(en)->received);
	p->shown = true;
}

void
progress_close(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
