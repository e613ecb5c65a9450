# faultline
#
#   make            build it                      make V=1 shows the commands
#   make check      install what is missing, build, run every test (root)
#   make demo       the same, then a run on the lab (root)
#   make install    PREFIX=/usr/local, DESTDIR for packages; make uninstall
#   make bench      measure against other tools (root); make fuzz FUZZ=seconds
#   make deps       install the packages that are missing (root)

VERSION := 0.1
PREFIX  ?= /usr/local
CC      := gcc
B       ?= build
FUZZ    ?= 600

# ---- what it is made of ----------------------------------------------------------------

BASE      := addr alike cksum err infile prefix siphash stats str time tsv utf8
PACKET    := icmp icmpext ip link packet
PROBE     := cookie craft key probe
TRACE     := answer engine flows hops intake lane loop nearby pace path plan schedule shots \
             timers tracer wait
WIRE      := capture clock filter live loop names outbox ports route send
ATTRIBUTE := as2org course course_upstream followers group grouptab ixp jsonline mmdb \
             mmmeta mmrecord mmvalue networks operator operator_explain operator_facts \
             operator_tie operator_words owner ownerbook profile profile_clash \
             profile_draft profile_keys profile_read profile_values profile_whole \
             profiles ptable rdns rowread search snapshot special survey textkeep
DIAGNOSE  := delay loss loss_flows loss_gather outcome outcome_course
RECORD    := atomic digest document json_hops json_networks json_path json_probes json_run json_values \
             read_extensions read_file read_node read_path read_replies read_run result saved \
             saved_whole
REPORT    := explain notes rows stretch text wrap
CLI       := check collect doctor doctor_database doctor_say doctor_tables help labels \
             labels_profile option_rows options outputs prepare profile profile_check \
             profile_list profile_show progress say seed targets terminal trace words
MODEL     := $(patsubst %.c,%,$(wildcard tests/sim/net*.c tests/sim/scenario*.c))

LIBRARY := $(BASE:%=src/base/%.o) $(PACKET:%=src/packet/%.o) $(PROBE:%=src/probe/%.o) \
           $(TRACE:%=src/trace/%.o) $(WIRE:%=src/wire/%.o) \
           $(ATTRIBUTE:%=src/attribute/%.o) $(DIAGNOSE:%=src/diagnose/%.o) \
           $(RECORD:%=src/record/%.o) $(REPORT:%=src/report/%.o) $(CLI:%=src/cli/%.o)
LIBS    := -lnet -lpcap -lmaxminddb -lcares -linih -ljansson -lnettle -lm

# Debian 12 packages: to build, to test and measure. `make deps` and CI install these.
PACKAGES_BUILD := gcc make libc6-dev libnet1-dev libpcap-dev libmaxminddb-dev libc-ares-dev \
                  libinih-dev libjansson-dev nettle-dev
PACKAGES_LAB   := bash bird2 dnsmasq-base ethtool iproute2 nftables perl procps util-linux
PACKAGES_TEST  := binutils clang jq libclang-rt-14-dev libcmocka-dev libloc-database \
                  libmaxmind-db-writer-perl location mandoc mmdb-bin mtr-tiny nmap scamper \
                  tcpdump tcptraceroute traceroute tshark

# ---- building --------------------------------------------------------------------------

WARN   := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
          -Wcast-qual -Wvla -Wformat=2 -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -DFAULTLINE_VERSION='"$(VERSION)"' \
    -Iinclude $(WARN) $(CFLAGS) -MMD -MP -fPIE -fstack-protector-strong \
    $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer,-D_FORTIFY_SOURCE=2)
ALL_LDFLAGS = $(LDFLAGS) -pie $(if $(SAN),-fsanitize=$(SAN),-Wl,-z,relro,-z,now)
PRIVATE := -Isrc/probe -Isrc/trace -Isrc/attribute -Isrc/record -Isrc/cli -Itests/sim
Q   := $(if $(V),,@)
say  = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

all: $(B)/faultline

$(B)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(if $(filter tests/%,$<),$(PRIVATE)) -c -o $@ $<

$(B)/libfaultline.a: $(LIBRARY:%=$(B)/%)
$(B)/libmodel.a: $(MODEL:%=$(B)/%.o)
$(B)/%.a:
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/faultline: $(B)/src/cli/main.o $(B)/libfaultline.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

include tests/tests.mk

# ---- installing ------------------------------------------------------------------------

BIN  = $(DESTDIR)$(PREFIX)/sbin
DATA = $(DESTDIR)$(PREFIX)/share/faultline
MAN  = $(DESTDIR)$(PREFIX)/share/man

install: all
	install -d $(BIN) $(DATA)/profiles $(MAN)/man5 $(MAN)/man8
	install -m 755 $(B)/faultline $(BIN)
	install -m 755 geoip/build-asn-database geoip/ixp-from-peeringdb $(DATA)
	install -m 644 geoip/special.tsv geoip/groups.tsv $(DATA)
	install -m 644 $(wildcard geoip/profiles/*.ini) $(DATA)/profiles
	install -m 644 $(wildcard man/*.5) $(MAN)/man5
	install -m 644 $(wildcard man/*.8) $(MAN)/man8

uninstall:
	rm -f $(BIN)/faultline $(patsubst man/%,$(MAN)/man5/%,$(wildcard man/*.5)) \
	    $(patsubst man/%,$(MAN)/man8/%,$(wildcard man/*.8))
	rm -f $(DATA)/build-asn-database $(DATA)/ixp-from-peeringdb
	rm -f $(DATA)/special.tsv $(DATA)/groups.tsv
	rm -f $(patsubst geoip/%,$(DATA)/%,$(wildcard geoip/profiles/*.ini))
	-rmdir $(DATA)/profiles $(DATA)

clean:
	rm -rf build

.PHONY: all install uninstall clean
-include $(LIBRARY:%.o=$(B)/%.d) $(B)/src/cli/main.d $(wildcard $(B)/tests/*/*.d)
