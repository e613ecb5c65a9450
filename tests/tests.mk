# Building and running the tests; included by the Makefile.

# with sanitizers, and with libFuzzer
S := build/san
F := build/fuzz

UNIT  := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
DECODERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
LAB_TESTS := $(addprefix tests/lab/,lab.t trace.t) \
    $(filter-out %/lab.t %/trace.t,$(wildcard tests/lab/*.t))
TESTLIBS := -lcmocka $(LIBS) -lm

$(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/libmodel.a $(B)/libfaultline.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TESTLIBS)

$(B)/tests/replay/captures: $(B)/tests/replay/captures.o $(B)/libfaultline.a
$(B)/tests/asnlook: $(B)/tests/data/asnlook.o $(B)/libfaultline.a
$(B)/tests/responder: $(B)/tests/lab/responder.o $(B)/tests/lab/responder_tun.o \
    $(B)/libmodel.a $(B)/libfaultline.a
$(B)/tests/sim/resave: $(B)/tests/sim/resave.o $(B)/libfaultline.a
$(B)/tests/sim/sim: $(B)/tests/sim/sim.o $(B)/tests/sim/play.o $(B)/tests/sim/stack.o \
    $(B)/tests/sim/segment.o $(B)/libmodel.a $(B)/libfaultline.a
$(B)/tests/truth/truth: \
    $(addprefix $(B)/tests/truth/,truth.o bound.o evidence.o judge.o world.o \
        world_iface.o world_path.o world_rate.o) \
    $(B)/libfaultline.a
$(B)/tests/replay/captures $(B)/tests/asnlook $(B)/tests/responder $(B)/tests/sim/sim \
    $(B)/tests/sim/resave $(B)/tests/truth/truth:
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# A fuzz target is built with the library's sources compiled the same way.
$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/libmodel.a $(B)/libfaultline.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lm

programs: all $(B)/tests/replay/captures $(B)/tests/asnlook $(B)/tests/responder
units: $(UNIT:%=$(B)/tests/unit/%)
targets: $(DECODERS:%=$(B)/tests/fuzz/fuzz_%)

$(B)/testdata/.made: tests/data/make-mmdb tests/data/MmdbFile.pm
	$(call say,MAKE,build/testdata)
	$(Q)perl tests/data/make-mmdb build/testdata && touch $@

# What each group of tests needs: releases, sanitized units, fuzz targets.
test-programs:
	$(Q)$(MAKE) --no-print-directory programs build/testdata/.made
	$(Q)$(MAKE) --no-print-directory B=$(S) SAN=address,undefined CFLAGS='-O1 -g' \
	    units $(S)/tests/replay/captures $(S)/tests/responder $(S)/faultline \
	    $(S)/tests/sim/sim $(S)/tests/sim/resave $(S)/tests/truth/truth
	$(Q)$(MAKE) --no-print-directory B=$(F) CC=clang SAN=fuzzer-no-link,address,undefined \
	    CFLAGS='-O1 -g' LDFLAGS=-fsanitize=fuzzer targets

# Those that compute first, one for each processor; then those that mostly wait, the
# longest first.
check: deps test-programs
	$(Q)CAPTURES=$(S)/tests/replay/captures tests/run \
	    -j 2 $(sort $(wildcard tests/data/*.t tests/fuzz/*.t tests/replay/*.t tests/sim/*.t \
	        tests/truth/*.t)) tests/lint/*.t $(UNIT:%=$(S)/tests/unit/%) \
	    -j 3 $(LAB_TESTS)

fuzz: deps test-programs
	$(Q)tests/fuzz/run -t $(FUZZ) $(DECODERS)

demo: deps-lab all build/testdata/.made
	$(Q)tests/lab/demo

bench: deps test-programs
	$(Q)tests/bench/run

deps:
	$(Q)tests/deps $(PACKAGES_BUILD) $(PACKAGES_LAB) $(PACKAGES_TEST)
deps-lab:
	$(Q)tests/deps $(PACKAGES_BUILD) $(PACKAGES_LAB)

.PHONY: programs units targets test-programs check fuzz demo bench deps deps-lab
.SECONDARY:
