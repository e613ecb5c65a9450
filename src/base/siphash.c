#include <faultline/siphash.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t
rotl(uint64_t x, int n)
{
	return x << n | x >> (64 - n);
}

static inline void
round_once(struct state *s)
{
	s->v0 += s->v1;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v0 = rotl(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v2 = rotl(s->v2, 32);
}

static inline void
absorb(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	round_once(s);
	round_once(s);
	s->v0 ^= word;
}

static struct state
start(const struct siphash_key *key)
{
	/* the four words spell "somepseudorandomlygeneratedbytes" */
	return (struct state){
	    .v0 = key->k0 ^ 0x736f6d6570736575,
	    .v1 = key->k1 ^ 0x646f72616e646f6d,
	    .v2 = key->k0 ^ 0x6c7967656e657261,
	    .v3 = key->k1 ^ 0x7465646279746573,
	};
}

static uint64_t
finish(struct state *s)
{
	s->v2 ^= 0xff;
	for (int i = 0; i < 4; i++)
		round_once(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

static uint64_t
little_endian(const uint8_t *b, size_t n)
{
	uint64_t w = 0;

	for (size_t i = 0; i < n; i++)
		w |= (uint64_t)b[i] << (8 * i);
	return w;
}

uint64_t
siphash(const struct siphash_key *key, const void *bytes, size_t n)
{
	const uint8_t *b = bytes;
	struct state s = start(key);
	size_t left = n;

	for (; left >= 8; left -= 8, b += 8)
		absorb(&s, little_endian(b, 8));
	absorb(&s, (uint64_t)(n & 0xff) << 56 | little_endian(b, left));
	return finish(&s);
}

uint64_t
siphash_word(const struct siphash_key *key, uint64_t word)
{
	struct state s = start(key);

	absorb(&s, word);
	absorb(&s, (uint64_t)8 << 56);
	return finish(&s);
}
