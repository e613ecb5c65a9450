#include "net_random.h"

/* The output function of SplitMix64: every bit of the input moves every bit of it. */
static uint64_t
stir(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

uint64_t
net_random_next(struct net_random *r)
{
	r->state += 0x9e3779b97f4a7c15u; /* 2^64 / golden ratio: visits all states */
	return stir(r->state);
}

uint32_t
net_random_below(struct net_random *r, uint32_t n)
{
	uint64_t high = net_random_next(r) >> 32;

	return (uint32_t)(high * n >> 32);
}

int64_t
net_random_span(struct net_random *r, int64_t n)
{
	if (n <= 0)
		return 0;
	return (int64_t)(net_random_next(r) % (uint64_t)n);
}

uint64_t
net_hash(uint64_t hash, uint64_t word)
{
	return stir(hash ^ word) + 0x9e3779b97f4a7c15u;
}
