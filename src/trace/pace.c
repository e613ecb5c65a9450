#include <faultline/pace.h>

#include <assert.h>

static const double SLOWEST = 1e-3; /* one packet in a quarter of an hour */

void
pace_init(struct pace *p, double rate, uint32_t burst, struct mono now)
{
	assert(burst >= 1);
	p->interval = 0;
	if (rate > 0)
		p->interval =
		    (int64_t)((double)TIME_S / (rate > SLOWEST ? rate : SLOWEST));
	p->slack = p->interval * (burst - 1);
	p->due = now;
}

struct mono
pace_ready(const struct pace *p)
{
	return mono_add(p->due, -p->slack);
}

void
pace_spend(struct pace *p, struct mono now)
{
	p->due = mono_add(mono_max(p->due, now), p->interval);
}
