/*
 * packet: what whole frames mean, what is left of their meaning when they are cut at
 * any byte, and that no byte of them can be changed into a failure.
 */
#include <faultline/packet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "samples.h"

/* Decode in memory of just that size, so that a read beyond it is caught. */
static enum packet_status
decode(const struct sample *s, const uint8_t *bytes, size_t captured, size_t length,
    struct packet *p)
{
	uint8_t *copy = malloc(captured > 0 ? captured : 1);
	struct frame f = {.linktype = s->linktype,
	    .bytes = copy,
	    .captured = (uint32_t)captured,
	    .length = (uint32_t)length};

	assert_non_null(copy);
	memcpy(copy, bytes, captured);
	memset(p, 0xff, sizeof *p); /* as a caller's memory may be */
	packet_decode(&f, p);
	free(copy);
	return p->status;
}

static void
test_frames(void **state)
{
	struct packet p;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];

		if (decode(s, s->bytes, s->size, s->size, &p) != PACKET_GOOD)
			fail_msg("%s: status %d", s->name, (int)p.status);
		s->expect(&p);
	}
}

static bool
same_or_zero(const void *part, const void *whole, size_t n)
{
	static const uint8_t zeroes[sizeof(struct upper)];

	return memcmp(part, whole, n) == 0 || memcmp(part, zeroes, n) == 0;
}

/*
 * Nothing in `part` is from beyond `seen` bytes of the header, or other than in
 * `whole`.
 */
static void
expect_part(const struct upper *part, const struct upper *whole, size_t seen)
{
	assert_true(part->have <= whole->have && part->have <= seen);
	assert_true(part->payload_have <= whole->payload_have);
	assert_true(part->payload_have == 0 || part->payload_have <= seen - 8);
	assert_memory_equal(part->payload, whole->payload, part->payload_have);
	assert_true(same_or_zero(&part->sport, &whole->sport, sizeof part->sport));
	assert_true(same_or_zero(&part->dport, &whole->dport, sizeof part->dport));
	assert_true(same_or_zero(&part->id, &whole->id, sizeof part->id));
	assert_true(same_or_zero(&part->seq, &whole->seq, sizeof part->seq));
	assert_int_equal(part->tcp_seq, seen >= 8 ? whole->tcp_seq : 0);
	assert_int_equal(part->tcp_ack, seen >= 12 ? whole->tcp_ack : 0);
	assert_int_equal(part->tcp_flags, seen >= 14 ? whole->tcp_flags : 0);
	if (whole->have == 20)
		assert_int_equal(part->checksum, seen >= 18 ? whole->checksum : 0);
}

/* The capture cut the frame. */
static void
test_cut_by_the_capture(void **state)
{
	struct packet whole, p;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];

		decode(s, s->bytes, s->size, s->size, &whole);
		for (size_t n = 0; n < s->size; n++) {
			size_t seen = n > s->inner ? n - s->inner : 0;

			if (decode(s, s->bytes, n, s->size, &p) != PACKET_GOOD) {
				assert_int_equal(p.status, PACKET_SHORT);
				continue;
			}
			assert_true(n >= s->inner + 8);
			assert_int_equal(p.meaning, whole.meaning);
			assert_memory_equal(&p.ip, &whole.ip, sizeof p.ip);
			assert_int_equal(p.quoted, whole.quoted);
			if (p.quoted) {
				assert_memory_equal(
				    &p.quote, &whole.quote, sizeof p.quote);
				expect_part(&p.quote_upper, &whole.quote_upper, seen);
			} else {
				expect_part(&p.upper, &whole.upper, seen);
			}
			if (n < s->end)
				expect_nothing_extended(&p);
			else
				s->expect(&p);
		}
	}
}

/* The frame itself ends there, and the lengths in it lie. */
static void
test_cut_by_the_sender(void **state)
{
	struct packet p;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];

		for (size_t n = 0; n < s->size; n++) {
			enum packet_status status = decode(s, s->bytes, n, n, &p);

			assert_int_equal(
			    status, n < s->end ? PACKET_MALFORMED : PACKET_GOOD);
			if (status == PACKET_GOOD)
				s->expect(&p);
		}
	}
}

/*
 * No single changed byte makes the decoder fail. Where a checksum covers it, none goes
 * unseen either: no change of one byte leaves a sum of RFC 1071 as it was.
 */
static void
test_corruptions(void **state)
{
	static const uint8_t change[] = {0x01, 0x10, 0x80, 0xff, 0x55};
	uint8_t bytes[512];
	struct packet p;

	(void)state;
	for (int i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];
		size_t message = s->bytes[s->datagram] >> 4 == 4 ? s->datagram + 20
								 : s->datagram + 40;

		memcpy(bytes, s->bytes, s->size);
		for (size_t at = 0; at < s->size * sizeof change; at++) {
			size_t n = at / sizeof change;
			enum packet_status status;

			bytes[n] ^= change[at % sizeof change];
			status = decode(s, bytes, s->size, s->size, &p);
			assert_true(status <= PACKET_MALFORMED);
			if (s->summed && n >= message && n < s->end)
				assert_int_equal(status, PACKET_MALFORMED);
			decode(s, bytes, s->size - 1, s->size + 1, &p);
			bytes[n] = s->bytes[n];
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_frames),
	    cmocka_unit_test(test_cut_by_the_capture),
	    cmocka_unit_test(test_cut_by_the_sender),
	    cmocka_unit_test(test_corruptions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
