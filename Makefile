# faultline. `make` builds, `make check` tests, `make demo` shows; V=1 shows the commands.

VERSION := 0.1
PREFIX  ?= /usr/local
CC      := gcc
B       ?= build

BASE      := addr cksum err infile prefix siphash stats str time tsv utf8
PACKET    := icmp icmpext ip link packet
PROBE     := cookie craft key probe
TRACE     := answer engine flows hops intake lane loop nearby pace path plan schedule \
             timers tracer wait
WIRE      := capture clock filter live names ports route send
ATTRIBUTE := $(sort $(basename $(notdir $(wildcard src/attribute/*.c))))
DIAGNOSE  := outcome
RECORD    := atomic digest document json_hops json_path json_run json_values result
REPORT    := notes rows text wrap
CLI       := check doctor help labels option_rows options outputs progress say seed \
             targets terminal trace

LIBRARY := $(BASE:%=src/base/%.o) $(PACKET:%=src/packet/%.o) $(PROBE:%=src/probe/%.o) \
           $(TRACE:%=src/trace/%.o) $(WIRE:%=src/wire/%.o) \
           $(ATTRIBUTE:%=src/attribute/%.o) $(DIAGNOSE:%=src/diagnose/%.o) \
           $(RECORD:%=src/record/%.o) $(REPORT:%=src/report/%.o) $(CLI:%=src/cli/%.o)
LIBS := -lnet -lpcap -lmaxminddb -lcares -ljansson -lnettle

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
        -Wcast-qual -Wvla -Wformat=2 -Werror
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -DFAULTLINE_VERSION='"$(VERSION)"' \
             -Iinclude $(WARN) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer,$(HARDEN)) \
             $(CFLAGS) -MMD -MP
ALL_LDFLAGS = $(if $(SAN),-fsanitize=$(SAN),-pie -Wl,-z,relro,-z,now) $(LDFLAGS)
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)  $(2)")

all: $(B)/faultline

$(B)/%.o: %.c
	$(call say,CC  ,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/libfaultline.a: $(LIBRARY:%=$(B)/%)
	$(call say,AR  ,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/faultline: $(B)/src/cli/main.o $(B)/libfaultline.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

clean:
	rm -rf build

.PHONY: all clean
-include $(LIBRARY:%.o=$(B)/%.d) $(B)/src/cli/main.d
