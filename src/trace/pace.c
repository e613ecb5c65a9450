#include <faultline/pace.h>

#include <assert.h>

void
pace_init(struct pace *p, double rate, uint32_t burst, struct mono now)
{
	assert(burst >= 1);
	p->interval = rate > 0 ? (int64_t)((double)TIME_S / rate) : 0;
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
