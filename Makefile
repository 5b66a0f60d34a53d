# Probity: `make` installs what is missing, builds the generator and publishes content/ into public/. `make help` lists the rest.

# ---- Settings: change them on the command line, for example  make CC=clang CFLAGS=-O0

CC      = cc
CFLAGS  = -O2 -g -fno-omit-frame-pointer
LDFLAGS =
PREFIX  = /usr/local
DESTDIR =
# Warnings stop the build on the integration server, and with WERROR=1.
WERROR  = $(if $(CI),1)
VERSION = 0.1.0
# With SETUP=0 nothing is installed: everything in generator/setup/packages is taken as present.
SETUP   = 1

# ---- What is built from what

ROOMS       = command base model load parse rules resolve render simulate publish package review preview
SOURCES     = $(wildcard generator/main.c $(ROOMS:%=generator/%/*.c))
UNIT_TESTS  = $(wildcard tests/unit/*.c)
BENCH_TOOLS = $(patsubst tests/bench/%.c,%,$(wildcard tests/bench/*.c))
FORMATTED   = $(wildcard generator/main.c $(ROOMS:%=generator/%/*.[ch]) generator/rules/browser/*.[ch] \
                generator/setup/browser/*.[ch] tests/*/*.[ch])
# The rules engine as learners' browsers run it: the room's C files and the glue that exports them.
RULES       = $(wildcard generator/rules/*.c generator/rules/browser/*.c generator/rules/browser/*.js)
RULES_PARTS = $(RULES) $(wildcard generator/rules/*.h generator/rules/browser/*.h generator/setup/browser/*)
# The default rules, in the order in which they build on each other.
DEFAULT_RULES = shapes questions stories course hooks modules evaluate
LIBRARIES   = libfyaml libxml-2.0 icu-uc icu-i18n libxxhash libzip zlib libqpdf libmicrohttpd

DEPS        = build/deps
DEPS_READY  = $(DEPS)/libraries.stamp
STATIC      = $(DEPS)/lib/libcmark-gfm-extensions.a $(DEPS)/lib/libcmark-gfm.a $(DEPS)/lib/liblua.a \
              $(DEPS)/lib/libquickjs.a

WARNINGS    = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes $(if $(WERROR),-Werror)
HARDENING   = -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
LANGUAGE    = -std=c17 -D_GNU_SOURCE -pthread -fPIE -DPROBITY_VERSION=\"$(VERSION)\"
INCLUDES    = -Igenerator -Ibuild/generated -isystem $(DEPS)/include -isystem $(DEPS)/lua-src @$(DEPS)/cflags
SANITIZERS  = -fsanitize=address,undefined -fno-sanitize-recover=all

COMPILE_release  = $(CC) $(LANGUAGE) $(WARNINGS) $(HARDENING) $(INCLUDES) $(CPPFLAGS) $(CFLAGS)
COMPILE_sanitize = $(CC) $(LANGUAGE) $(WARNINGS) $(INCLUDES) $(CPPFLAGS) -O1 -g -fno-omit-frame-pointer $(SANITIZERS)
LINK_release     = $(CC) $(CFLAGS) -pthread -pie -Wl,-z,relro,-z,now $(LDFLAGS)
LINK_sanitize    = $(CC) -pthread -pie $(SANITIZERS) $(LDFLAGS)
LINKED           = $(STATIC) @$(DEPS)/libs -lm

# One line for each step; V=1 shows the commands.
Q   = $(if $(V),,@)
SAY = @printf '  %-6s %s\n'

# ---- Commands

.PHONY: all test bench sanitize lint format install clean distclean help
.DELETE_ON_ERROR:
.SUFFIXES:

all: build/probity build/share.stamp $(DEPS)/packages-print.stamp
	build/probity build

help:
	@echo 'make             install what is missing, build build/probity, publish content/ into public/'
	@echo 'make test        all tests; the last line says how many passed and failed'
	@echo 'make sanitize    the same under the address and undefined behaviour sanitizers'
	@echo 'make bench       measure builds of large sites and of courses; BENCH="-n 5 100 1000": 5 rounds of 6 x 100 and 6 x 1,000 pages'
	@echo 'make lint        layout of the source (clang-format), and warnings as errors'
	@echo 'make format      lay the source out as make lint wants it'
	@echo 'make install     install into $$(DESTDIR)$$(PREFIX), by default /usr/local'
	@echo 'make clean       remove what was built and published; make distclean also what was fetched'
	@echo
	@echo 'Settings: CC CFLAGS LDFLAGS PREFIX DESTDIR WERROR=1 SETUP=0 (install nothing) V=1, in the head of the Makefile.'

test: build/probity build/share.stamp $(UNIT_TESTS:%.c=build/release/%) $(DEPS)/packages-print.stamp \
      $(DEPS)/packages-test.stamp node_modules/.test-stamp
	@CC='$(CC)' VARIANT=release tests/run

# Left out: the suites that look at the source and at the set-up, and run no program.
sanitize: build/sanitize/probity build/share.stamp $(UNIT_TESTS:%.c=build/sanitize/%) $(DEPS)/packages-print.stamp \
          $(DEPS)/packages-test.stamp node_modules/.test-stamp
	@CC='$(CC)' VARIANT=sanitize SKIP='setup structure' tests/run

bench: build/probity build/share.stamp $(BENCH_TOOLS:%=build/bench/%) $(DEPS)/packages-bench.stamp
	@PROBITY=$(CURDIR)/build/probity BENCH_TOOLS=$(CURDIR)/build/bench tests/bench/run-sites $(BENCH)
	@PROBITY=$(CURDIR)/build/probity BENCH_TOOLS=$(CURDIR)/build/bench tests/bench/run-courses

lint: $(DEPS)/packages-test.stamp
	clang-format --dry-run --Werror $(FORMATTED)
	$(MAKE) WERROR=1 VARIANTS=lint build/lint/libprobity.a

format: $(DEPS)/packages-test.stamp
	clang-format -i $(FORMATTED)

install: build/probity build/share.stamp
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/probity $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 build/probity $(DESTDIR)$(PREFIX)/bin/probity
	cp -RL build/share/. $(DESTDIR)$(PREFIX)/share/probity
	$(if $(wildcard generator/probity.1),install -m 644 generator/probity.1 $(DESTDIR)$(PREFIX)/share/man/man1/probity.1)

clean:
	rm -rf $(filter-out $(DEPS),$(wildcard build/*)) public

distclean:
	rm -rf build public node_modules .probity

# ---- The generator. One rule set per variant: objects in build/<variant>/, and the program.

build/probity: build/release/generator/main.o build/release/libprobity.a
	$(SAY) LINK $@
	$(Q)$(LINK_release) -o $@ $^ $(LINKED)

build/sanitize/probity: build/sanitize/generator/main.o build/sanitize/libprobity.a
	$(SAY) LINK $@
	$(Q)$(LINK_sanitize) -o $@ $^ $(LINKED)

define VARIANT_RULES
build/$(1)/libprobity.a: $(patsubst %.c,build/$(1)/%.o,$(filter-out generator/main.c,$(SOURCES)))
	@rm -f $$@
	$$(Q)ar rcs $$@ $$^

build/$(1)/generator/%.o: generator/%.c build/$(1)/flags $(DEPS_READY) build/generated/default_lua.inc \
                            build/generated/learner_js.inc
	@mkdir -p $$(@D)
	$$(SAY) CC $$@
	$$(Q)$$(COMPILE_$(1)) -MMD -MP -c -o $$@ $$<

build/$(1)/tests/unit/%: tests/unit/%.c build/$(1)/libprobity.a
	@mkdir -p $$(@D)
	$$(SAY) CC $$@
	$$(Q)$$(COMPILE_$(1)) -Itests -MMD -MP -c -o $$@.o $$<
	$$(Q)$$(LINK_$(1)) -o $$@ $$@.o build/$(1)/libprobity.a $$(LINKED)

# Other flags, other objects.
ifneq ($$(file <build/$(1)/flags),$$(COMPILE_$(1)) $$(LINK_$(1)))
.PHONY: build/$(1)/flags
endif
build/$(1)/flags:
	@mkdir -p $$(@D)
	@printf '%s\n' '$$(COMPILE_$(1)) $$(LINK_$(1))' >$$@

-include $(patsubst %.c,build/$(1)/%.d,$(SOURCES) $(UNIT_TESTS))
endef

COMPILE_lint = $(COMPILE_release)
LINK_lint    = $(LINK_release)
VARIANTS     = release sanitize
$(foreach variant,$(VARIANTS),$(eval $(call VARIANT_RULES,$(variant))))

build/bench/%: tests/bench/%.c build/release/flags $(DEPS_READY)
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(COMPILE_release) -pie -o $@ $< $(if $(filter cmark_%,$*),$(filter %cmark-gfm-extensions.a %cmark-gfm.a,$(STATIC)))

# ---- Made from our own files

# One Lua file without comments.
build/generated/default_lua.inc: $(DEFAULT_RULES:%=generator/rules/default/%.lua)
	@mkdir -p $(@D)
	$(Q)sed -e '/^ *--/d' -e 's/^ *//' $^ | od -An -v -td1 | sed 's/ *\(-\{0,1\}[0-9]\{1,\}\)/\1,/g' >$@

build/generated/learner_js.inc: generator/simulate/learner.js
	@mkdir -p $(@D)
	$(Q)sed -e 's/^ *//' $< | od -An -v -td1 | sed 's/ *\(-\{0,1\}[0-9]\{1,\}\)/\1,/g' >$@

build/browser/rules.js: $(RULES_PARTS) generator/setup/build-browser-lua build/generated/default_lua.inc $(DEPS_READY) \
                       node_modules/.build-stamp
	$(SAY) BUILD $@
	$(Q)DEPS=$(DEPS) generator/setup/build-browser-lua -o $@ -I generator -I build/generated $(RULES)

# What the program reads at run time beside the project's own files, in one folder; `make install` copies it as it is.
build/share.stamp: $(if $(wildcard generator/rules/browser/*.c),build/browser/rules.js) node_modules/.build-stamp \
                   generator/setup/gather-share $(wildcard layouts locales generator/player generator/preview/console)
	$(SAY) SHARE build/share
	$(Q)generator/setup/gather-share build/share
	@touch $@

# ---- Set-up. Each step leaves a stamp, so that it runs again only when its list has changed.

$(DEPS)/packages-build.stamp $(DEPS)/packages-test.stamp: $(DEPS)/packages-%.stamp: generator/setup/packages
	@mkdir -p $(@D)
	@$(if $(filter 0,$(SETUP)),true,flock $(DEPS) generator/setup/install-packages $*)
	@touch $@

# What to compare with can be missing, too.
$(DEPS)/packages-bench.stamp: $(DEPS)/packages-build.stamp
	@$(if $(filter 0,$(SETUP)),true,flock $(DEPS) generator/setup/install-packages bench) || \
	    echo 'set-up: going on without Hugo.' >&2
	@touch $@

# PDFs are a part of the result that can be missing: the build says so and goes on.
$(DEPS)/packages-print.stamp: $(DEPS)/packages-build.stamp
	@$(if $(filter 0,$(SETUP)),true,flock $(DEPS) generator/setup/install-packages print) || \
	    echo 'set-up: going on without a browser or its fonts: printable guides will be XHTML only.' >&2
	@touch $@

# A package that is added to the list is no reason to build these again.
$(DEPS)/static.stamp: generator/setup/sources generator/setup/fetch-sources generator/setup/build-deps \
                      $(wildcard generator/setup/patches/*/*.patch) | $(DEPS)/packages-build.stamp
	$(Q)generator/setup/fetch-sources $(DEPS)/tarballs
	$(Q)CC='$(CC)' generator/setup/build-deps $(DEPS)
	@touch $@

$(DEPS_READY): $(DEPS)/static.stamp $(DEPS)/packages-build.stamp
	$(Q)pkg-config --cflags $(LIBRARIES) | sed 's/-I/-isystem /g' >$(DEPS)/cflags
	$(Q)pkg-config --libs $(LIBRARIES) >$(DEPS)/libs
	@touch $@

# The stamps lie inside node_modules: npm ci removes them together with what they stand for.
node_modules/.build-stamp: package-lock.json package.json .npmrc | $(DEPS)/packages-build.stamp
	npm ci --omit=dev --loglevel=error
	@touch $@

# What was built from the smaller set stays up to date, so its stamp keeps its time.
node_modules/.test-stamp: node_modules/.build-stamp | build/share.stamp
	@cp -p node_modules/.build-stamp $(DEPS)/npm.stamp
	npm ci --loglevel=error
	@mv $(DEPS)/npm.stamp node_modules/.build-stamp
	@touch $@
