/*
 * saved: what is wrong in a document is said in one line with its place, whatever it
 * is; nothing is passed over that should be there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

#include "readtest.h"

/* ---- one thing changed ---------------------------------------------------------- */

struct change {
	const char *old, *new; /* the first place of it */
	const char *what;
};

static void
check_changes(const char *path, const struct change *row, size_t count)
{
	char *good = readtest_load(path);

	for (size_t i = 0; i < count; i++) {
		char *bad = readtest_replace(good, row[i].old, row[i].new);

		assert_refused(bad, row[i].what);
		free(bad);
	}
	free(good);
}

#define CHECK_CHANGES(path, row) check_changes(path, row, sizeof row / sizeof row[0])

static void
test_head(void **state)
{
	static const struct change row[] = {
	    {"\"version\": 1", "\"version\": 2",
		": version: is 2; this program reads version 1"},
	    {"\"version\": 1", "\"version\": \"1\"",
		": version: must be a whole number, not text"},
	    {"\"type\": \"faultline\"", "\"type\": \"trace\"",
		": is no result of faultline: its \"type\" does not say so"},
	    {"\"type\": \"faultline\",", "",
		": is no result of faultline: its \"type\" does not say so"},
	    {"\"type\": \"faultline\"", "\"type\": \"faultline-path\"",
		": does not begin with the line of the run"},
	    {"\"upstreams\": []", "\"upstreams\": 1",
		": upstreams: must be an array, not a whole number"},
	    {"\"seed\": 46", "\"seed\": 1e999, \"x\": 46",
		":24: is no JSON at column 15: real number overflow near '1e999'"},
	    {"\"seed\": 46", "\"seed\": 99999999999999999999, \"x\": 46",
		":24: is no JSON at column 30: too big integer near "
		"'99999999999999999999'"},
	    {"\"seed\": 46", "\"seed\": NaN, \"x\": 46",
		":24: is no JSON at column 13: invalid token near 'NaN'"},
	    {"\"finished\"", "\"started\"",
		":9: is no JSON at column 11: duplicate object key near "
		"'\"started\"'"},
	    {"\"stepped_ms\": -1500.25", "\"stepped_ms\": 1e13",
		": run.clock.stepped_ms: is 1e+13, and must be from -9e+12 to 9e+12"},
	    {"00112233445566778899aabbccddeeff\"", "\"",
		": run.databases[0].sha256: is no SHA-256, which has 64 hexadecimal "
		"digits"},
	    {"2025-06-07T00:46:20", "2025-06-31T00:46:20",
		": run.finished: \"2025-06-31T00:46:20.250000Z\" is no time in UTC, "
		"such as 2025-06-07T00:46:12.345678Z"},
	    {"\"max_ttl\": 30", "\"max_ttl\": 0",
		": run.settings.max_ttl: is 0, and must be from 1 to 255"},
	};

	(void)state;
	CHECK_CHANGES(READTEST_OBJECT, row);
}

static void
test_paths(void **state)
{
	static const struct change row[] = {
	    {"\"198.51.100.7\", \"dst_n", "\"198.51.100.777\", \"dst_n",
		": paths[0].dst: \"198.51.100.777\" is no address"},
	    {"\"src\": \"192.0.2.10\",\n    \"method\"",
		"\"src\": \"2001:db8::1\",\n    \"method\"",
		": paths[0].src: is of another family than the target"},
	    {"\"method\": \"icmp\"", "\"method\": \"sctp\\u001b\"",
		": paths[0].method: \"sctp\" is no word that is known here"},
	    {"COMPLETED", "FINISHED",
		": paths[0].stop_reason: \"FINISHED\" is no word that is known here"},
	    {"\"probe_count\": 7", "\"probe_count\": 8",
		": paths[0].probe_count: is 8, but there are 7 probes"},
	    {"\"reached\": true", "\"reached\": false",
		": paths[0].reached: is false, but a reply is the target's"},
	    {"\"reached\": false", "\"reached\": true",
		": paths[2].reached: is true, but no reply is the target's"},
	    {"[1, 0.004]", "[256, 0.004]",
		": paths[0].probes[0][0]: is 256, and must be from 1 to 255"},
	    {"[1, 0.004]", "[0, 0.004]",
		": paths[0].probes[0][0]: is 0, and must be from 1 to 255"},
	    {"[1, 0.004]", "[1, null]",
		": paths[0].probes[0][1]: is null, but the probe left"},
	    {"[1, 0.004]", "[1]", ": paths[0].probes[0][1]: is missing"},
	    {"\"lost\"", "\"gone\"",
		": paths[0].probes[1][2]: \"gone\" is no word that is known here"},
	    {"\"lost\"", "\"lost\", \"lost\"",
		": paths[0].probes[1][3]: \"lost\" is no word that is known here"},
	    {"\"uncaptured\"", "\"uncaptured\", 1",
		": paths[0].probes[3][3]: stands behind all that a probe has"},
	    {"\"target\": 5", "\"target\": 0",
		": paths[2].asked: differs from that of the path before, which is of "
		"the same target"},
	    {"\"target\": 0", "\"target\": 3",
		": paths[1].target: is 0 behind 3: the order is broken"},
	    {"\"asked\": \"198.51.100.7\"", "\"asked\": \"\"",
		": paths[0].asked: is empty"},
	    {"\"addr\": null, \"name\": null", "\"addr\": null, \"name\": \"x\"",
		": paths[0].hops[1].name: names a hop that has no address"},
	};

	(void)state;
	CHECK_CHANGES(READTEST_OBJECT, row);
}

static void
test_replies(void **state)
{
	static const struct change row[] = {
	    {"\"probe\": 2", "\"probe\": 7",
		": paths[0].replies[4].probe: is 7, but there are 7 probes"},
	    {"\"probe\": 2", "\"probe\": 0",
		": paths[0].replies[4].probe_ttl: is 3, but probe 0 has 1"},
	    {"\"probe_ttl\": 1, \"probe_id\": 1", "\"probe_ttl\": 1, \"probe_id\": 2",
		": paths[0].replies[0].probe_id: is 2, but probe 0 is number 1 of its "
		"TTL"},
	    {"\"usec\": 4}", "\"usec\": 5}",
		": paths[0].replies[0].tx: is not when its probe was sent"},
	    {"10.5", "-1",
		": paths[0].replies[0].rtt: is -1, and must be from 0 to 1e+09"},
	    {"10.5", "\"10.5\"",
		": paths[0].replies[0].rtt: must be a number, not text"},
	    {"10.5", "null", ": paths[0].replies[0].heard: is missing"},
	    {"\"hop\"", "\"router\"",
		": paths[0].replies[0].kind: \"router\" is no word that is known here"},
	    {"\"icmp_type\": 11", "\"icmp_type\": 200",
		": paths[0].replies[0].icmp_type: 200 with code 0 is no answer to a "
		"probe"},
	    {"\"duplicate\": true", "\"duplicate\": false",
		": paths[0].replies[2].duplicate: is not there, but probe 3 had an "
		"answer already"},
	    {"\"late\": true", "\"late\": true, \"duplicate\": true",
		": paths[0].replies[4].duplicate: is true, but probe 2 had no answer "
		"before"},
	    {"[3, 0.012999]", "[3, 0.012999, \"lost\"]",
		": paths[0].replies[4].probe: is 2, which was not answered by what it "
		"says"},
	    {"[2, 0.008, \"lost\"]", "[2, 0.008]",
		": paths[0].replies: there is none to probe 1, which was answered"},
	    {"\"tx_uncaptured\": true", "\"tx_uncaptured\": false",
		": paths[0].replies[1].tx_uncaptured: is not what its probe says"},
	    {"1048575", "1048576",
		": paths[0].replies[4].icmpext[0].mpls_labels[0].mpls_label: is "
		"1048576, and must be from 0 to 1048575"},
	    {"\"role\": 2", "\"role\": 4",
		": paths[2].replies[0].icmpext[0].role: is 4, and must be from 0 to 3"},
	    {"\"00ff1a\"", "\"00ff1\"",
		": paths[2].replies[0].icmpext[2].bytes: must be two digits for each "
		"of at most 64 bytes"},
	    {"\"00ff1a\"", "\"00ff1a00\"",
		": paths[2].replies[0].icmpext[2].bytes: are more than the object "
		"has"},
	    {"\"00ff1a\"", "\"00ffzz\"",
		": paths[2].replies[0].icmpext[2].bytes: has a digit that is not 0 to "
		"9, a to f"},
	    {"\"addr\": \"203.0.113.1\",\n       \"tx\"",
		"\"addr\": \"2001:db8::1\",\n       \"tx\"",
		": paths[0].replies[0].addr: is of another family than the target"},
	};

	(void)state;
	CHECK_CHANGES(READTEST_OBJECT, row);
}

static void
test_lines(void **state)
{
	static const struct change row[] = {
	    {"faultline-run", "faultline-runs",
		":1: does not begin with the line of the run"},
	    {"\"faultline-path\",\"version\":1", "\"faultline-path\",\"version\":7",
		":2: version: is 7; this program reads version 1"},
	    {"\"target\":5", "\"target\":-5",
		":4: path.target: is -5, and must be from 0 to 4294967295"},
	    {"faultline-verdict", "faultline-note",
		": ends without the line of the verdict: the file was cut short"},
	    {"INCONCLUSIVE\"}}\n", "INCONCLUSIVE\"}}\n{\"type\":\"x\"}\n",
		":6: is no result of faultline: its \"type\" does not say so"},
	    {"INCONCLUSIVE\"}}\n",
		"INCONCLUSIVE\"}}\n\n{\"type\":\"faultline-note\",\"version\":1}\n",
		":7: stands behind the verdict"},
	    {"{\"type\":\"faultline-verdict\"",
		"{\"type\":\"faultline-run\",\"version\":1}\n{\"type\":",
		":5: is no line that can stand here: a run has one beginning"},
	    {"{\"type\":\"faultline-verdict\"", "#\n{\"type\":\"faultline-verdict\"",
		":5: is no JSON at column 1: '[' or '{' expected near '#'"},
	};

	(void)state;
	CHECK_CHANGES(READTEST_LINES, row);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_head),
	    cmocka_unit_test(test_paths),
	    cmocka_unit_test(test_replies),
	    cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, open_scratch, close_scratch);
}
