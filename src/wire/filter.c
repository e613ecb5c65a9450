#include <faultline/filter.h>

#include <faultline/str.h>

/* Both directions of a transport protocol, by our ports. */
static void
add_ports(struct str *t, const struct filter *f, const char *proto)
{
	str_add(t, " or (%s and (src portrange %u-%u or dst portrange %u-%u))", proto,
	    f->port_first, f->port_last, f->port_first, f->port_last);
}

static void
add_transports(struct str *t, const struct filter *f)
{
	if (f->tcp)
		add_ports(t, f, "tcp");
	if (f->udp)
		add_ports(t, f, "udp");
}

/* ICMP errors, advice, and echo messages with our identifiers. */
static void
add_ip4(struct str *t, const struct filter *f)
{
	str_add(t,
	    "(ip and (icmp[0] = 11 or icmp[0] = 3 or icmp[0] = 12 or icmp[0] = 5 or "
	    "icmp[0] = 4");
	if (f->icmp)
		str_add(t,
		    " or ((icmp[0] = 8 or icmp[0] = 0) and icmp[4:2] >= %u and "
		    "icmp[4:2] <= %u)",
		    f->id_first, f->id_last);
	add_transports(t, f);
	str_add(t, "))");
}

/*
 * The same for IPv6: types 1 to 4 are the errors, 128 and 129 echo. ip6[40] is the
 * ICMPv6 type only where no extension header comes before it; datagrams that have one
 * are rare and all let through, the decoder walks them.
 */
static void
add_ip6(struct str *t, const struct filter *f)
{
	str_add(t, "(ip6 and ((ip6[6] = 58 and (ip6[40] < 5");
	if (f->icmp)
		str_add(t,
		    " or ((ip6[40] = 128 or ip6[40] = 129) and ip6[44:2] >= %u and "
		    "ip6[44:2] <= %u)",
		    f->id_first, f->id_last);
	str_add(t, ")) or ip6[6] = 0 or ip6[6] = 43 or ip6[6] = 44 or ip6[6] = 60");
	add_transports(t, f);
	str_add(t, "))");
}

bool
filter_format(const struct filter *f, char out[FILTER_TEXT])
{
	struct str t = str_open(out, FILTER_TEXT);

	if (f->ip4)
		add_ip4(&t, f);
	if (f->ip4 && f->ip6)
		str_add(&t, " or ");
	if (f->ip6)
		add_ip6(&t, f);
	return !t.full;
}
