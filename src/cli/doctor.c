/* faultline doctor: can this host measure, and what would mend it? Sends nothing. */
#define _DEFAULT_SOURCE /* adjtimex */

#include "commands.h"
#include "doctor_int.h"
#include "labels.h"
#include "say.h"
#include "terminal.h"

#include <faultline/capture.h>
#include <faultline/clock.h>
#include <faultline/names.h>
#include <faultline/route.h>
#include <faultline/send.h>

#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

static void
check_sending(struct doctor *d)
{
	struct err e4 = {.code = ERR_NONE}, e6 = {.code = ERR_NONE};
	struct sender_conf c4 = {.ip4 = true}, c6 = {.ip6 = true};
	struct sender *s4 = sender_open(&c4, &e4);
	struct sender *s6 = sender_open(&c6, &e6);

	if (s4 != NULL && s6 != NULL)
		doctor_note(d, DOCTOR_FINE, "raw sockets", "IPv4 and IPv6");
	else if (s4 != NULL)
		doctor_note(
		    d, DOCTOR_WORTH_KNOWING, "raw sockets", "IPv4 only: %s", e6.text);
	else
		doctor_note(d, DOCTOR_IN_THE_WAY, "raw sockets", "%s", e4.text);
	sender_close(s4);
	sender_close(s6);
}

static void
check_capture(struct doctor *d)
{
	struct capture_conf conf = {
	    .filter = "icmp or icmp6", .snaplen = 512, .buffer = 1 << 20};
	struct err e = {.code = ERR_NONE};
	struct capture *c = capture_open(&conf, &e);

	if (c != NULL)
		doctor_note(d, DOCTOR_FINE, "capture",
		    "on all interfaces, kernel time stamps in nanoseconds");
	else
		doctor_note(d, DOCTOR_IN_THE_WAY, "capture", "%s", e.text);
	capture_close(c);
}

static void
check_route(
    struct doctor *d, struct router *router, const char *what, const char *target)
{
	struct route_wish wish = {.interface = d->o->interface};
	struct err e = {.code = ERR_NONE};
	char src[ADDR_TEXT], gateway[ADDR_TEXT];
	struct route route;
	struct addr dst;
	bool v6;

	if (!addr_parse(target, &dst)) {
		doctor_note(d, DOCTOR_WORTH_KNOWING, what, "%s is no address", target);
		return;
	}
	v6 = dst.family == ADDR_V6;
	if (d->o->source != NULL && addr_parse(d->o->source, &wish.src) &&
	    wish.src.family != dst.family)
		return;
	if (!router_find(router, &dst, &wish, &route, &e)) {
		doctor_note(d, DOCTOR_WORTH_KNOWING, what, "%s", e.text);
		return;
	}
	d->routes[v6] = true;
	if (addr_is_set(&route.gateway))
		doctor_note(d, DOCTOR_FINE, what, "from %s by %s through gateway %s",
		    addr_format(&route.src, src), route.interface,
		    addr_format(&route.gateway, gateway));
	else
		doctor_note(d, DOCTOR_FINE, what, "from %s by %s, on the link",
		    addr_format(&route.src, src), route.interface);
}

/* Documentation addresses: any host sends them where it sends everything far away. */
static void
check_routes(struct doctor *d)
{
	struct err e = {.code = ERR_NONE};
	struct router *router = router_open(&e);

	if (router == NULL) {
		doctor_note(d, DOCTOR_IN_THE_WAY, "routes", "%s", e.text);
		return;
	}
	check_route(d, router, "route, IPv4", "203.0.113.1");
	check_route(d, router, "route, IPv6", "2001:db8:ffff::1");
	for (int i = 0; i < d->o->targets; i++)
		check_route(d, router, "route", d->o->target[i]);
	if (!d->routes[0] && !d->routes[1]) {
		doctor_note(d, DOCTOR_IN_THE_WAY, "routes",
		    "there is no route for either family");
		doctor_remedy("ip route add default via GATEWAY");
	}
	router_close(router);
}

static void
check_names(struct doctor *d)
{
	struct err e = {.code = ERR_NONE};
	char servers[256];
	struct names *n = names_open(NULL, &e);

	if (n == NULL) {
		doctor_note(d, DOCTOR_WORTH_KNOWING, "name servers", "%s", e.text);
		return;
	}
	if (names_servers(n, servers, sizeof servers) > 0)
		doctor_note(
		    d, DOCTOR_FINE, "name servers", "%s (not asked now)", servers);
	else {
		doctor_note(d, DOCTOR_WORTH_KNOWING, "name servers", "none");
		doctor_remedy(
		    "a nameserver line in /etc/resolv.conf, or --dns SERVER, or -n");
	}
	names_close(n);
}

static void
check_clock(struct doctor *d)
{
	struct timex t = {.modes = 0};
	int state = adjtimex(&t);

	if (state >= 0 && state != TIME_ERROR && !(t.status & STA_UNSYNC)) {
		doctor_note(d, DOCTOR_FINE, "clock",
		    "synchronised, error at most %.1f ms", (double)t.maxerror / 1000.0);
		return;
	}
	doctor_note(d, DOCTOR_WORTH_KNOWING, "clock",
	    "not synchronised: round trips are right, times of day may not be");
	doctor_remedy("run chrony or systemd-timesyncd (timedatectl set-ntp true)");
}

int
command_doctor(const struct options *o)
{
	char executable[SEARCH_PATH];
	struct doctor d = {.o = o,
	    .now = time(NULL),
	    .color = terminal_color((enum color_choice)o->color, stdout)};

	labels_environment(&d.env, executable);
	check_sending(&d);
	check_capture(&d);
	check_routes(&d);
	check_names(&d);
	check_clock(&d);
	doctor_database(&d);
	doctor_tables(&d);
	if (d.in_the_way == 0) {
		puts("\nThis host can measure.");
		return EXIT_GOOD;
	}
	printf("\nThis host cannot measure: %u thing%s in the way.\n", d.in_the_way,
	    d.in_the_way == 1 ? " is" : "s are");
	return EXIT_CANNOT;
}
