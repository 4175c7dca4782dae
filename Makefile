# SPDX-License-Identifier: Apache-2.0
#
#   make run      everything from a fresh machine to a running daemon
#   make test     everything from a fresh machine to a tested checkout
#   make check    what takes too long for every test run: sanitizers, fuzzing, soak; and the table of faults
#   make compat   what the newest Claude Code and SDK send that was not known
#
# Swift, make and git are expected; the rest is fetched when it is missing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PREFIX  ?= /usr/local
DESTDIR ?=
SWIFT   ?= swift

# Not every shell expands the tilde here.
override PREFIX := $(PREFIX:~/%=$(HOME)/%)
# Where systemd looks for units: a user's manager reads ~/.local/share and not ~/.local/lib, and the system's reads neither.
home_prefix := $(filter $(HOME)/%,$(PREFIX)/)
user_units   = $(DESTDIR)$(PREFIX)/$(if $(home_prefix),share,lib)/systemd/user
system_units = $(DESTDIR)$(PREFIX)/lib/systemd/system

release_flags := -c release $(shell ./debian/swift-flags)
release_dir    = $(shell $(SWIFT) build $(release_flags) --show-bin-path)

build_packages := libcurl4-openssl-dev libssl-dev libsystemd-dev libinotifytools0-dev libjemalloc-dev zlib1g-dev pkg-config
test_packages  := python3 python3-venv openssl systemd mandoc man-db zbar-tools
# A service manager and a booted system to try the package in, and the shells that it has completions for.
system_packages := lintian systemd-container mmdebstrap procps bash-completion fish zsh
# Which system that is. MIRROR, a URL or a line of sources.list, says where it comes from if that is not Debian's.
SUITE  ?= bookworm
MIRROR ?=
bench_packages := nginx-light gcc libc6-dev python3

# The official clients, in a place that survives a new checkout.
client_cache  := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/qwenproxyd/test-clients
client_python := $(client_cache)/bin/python
client_stamp  := $(client_cache)/.installed
format_paths  := Package.swift Sources Tests Benchmarks

# The shell's variables that say where the clients are, if they are.
define with_clients
if [[ -x "$(client_python)" && -e "$(client_stamp)" ]]; then \
    export QWENPROXYD_TEST_PYTHON="$(client_python)"; \
    QWENPROXYD_TEST_CLAUDE="$$("$(client_python)" Tests/Python/claude_path.py)"; \
    export QWENPROXYD_TEST_CLAUDE; \
fi
endef

deb_dir      := .build/deb
deb_packages := debhelper dpkg-dev fakeroot

.PHONY: deb check-deb compat compat-record compat-document check check-faults check-sanitizers check-fuzz check-linearity check-soak run build programs test system-test lint deps test-deps clients bench bench-deps install uninstall clean

run: programs
	@exec "$(release_dir)/qwenproxyd"

# Both, and nothing else: qwenproxyctl is what the daemon's first words tell the user to run.
programs: deps
	@[[ -x .build/release/qwenproxyctl ]] || echo "make: building both programs, which takes some minutes the first time"
	@$(SWIFT) build $(release_flags) --product qwenproxyd
	@$(SWIFT) build $(release_flags) --product qwenproxyctl

build: deps
	@$(SWIFT) build $(release_flags)

# All tests would begin at once, and on few processors most of them wait then, some of them longer than a peer has patience.
some_at_once := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(shell echo $$((4 * $$(nproc))))

# Without the clients (no network) their tests are reported as skipped; with CI=true they must run.
test: deps test-deps
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory clients || { [[ "$${CI:-}" != true ]] && echo "make: no official clients: their tests will be skipped"; }
	@$(with_clients); $(some_at_once) $(SWIFT) test --skip SystemTests $(TEST_FLAGS)
	@if ((EUID == 0)); then \
	    $(MAKE) --no-print-directory system-test; \
	elif [[ "$${CI:-}" == true ]]; then \
	    echo "make: the system tests need root" >&2; exit 1; \
	else \
	    echo "make: not root: the system tests (make system-test) are skipped"; \
	fi

# Sanitizers have builds of their own. SECONDS_EACH is for one target of the fuzzers, SOAK_SECONDS for the soak:
# `make check SECONDS_EACH=10 SOAK_SECONDS=20` is the short form.
SECONDS_EACH ?= 300
SOAK_SECONDS ?= 600

check: deps test-deps
	@$(MAKE) --no-print-directory check-faults check-soak check-fuzz check-linearity check-sanitizers

# Leaks are not looked for: the runtime keeps what it needs to the end. Tests that start programs of ours start those without a
# sanitizer, whose environment the tests make themselves. Where a test tries all places to cut, or some thousand
# conversations, every seventh has to do, since each step takes some twenty times as long.
check-sanitizers:
	@$(SWIFT) build
	@for kind in address thread; do \
	    echo "make: tests with the $$kind sanitizer"; \
	    QWENPROXYD_TEST_PRODUCTS="$$($(SWIFT) build --show-bin-path)" \
	    QWENPROXYD_TEST_SHARE=7 SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=4 \
	    ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/Sanitizers/thread.supp" \
	    $(SWIFT) test --sanitize=$$kind --scratch-path .build/$$kind --skip 'SystemTests|EndToEndTests' $(TEST_FLAGS); \
	done

# The targets of the translation have a program of their own, which is faster. It runs beside the others, and
# ends with them when they are interrupted.
check-fuzz:
	@cd Benchmarks/Fuzz && $(SWIFT) build -c release --product Fuzz
	@$(SWIFT) build --build-tests
	@Benchmarks/Fuzz/.build/release/Fuzz --mode all --seconds $$((6 * $(SECONDS_EACH))) & fuzzer=$$!; failed=0; \
	trap 'kill '$$fuzzer' 2>/dev/null || :' EXIT; \
	QWENPROXYD_FUZZ_SECONDS=$(SECONDS_EACH) $(SWIFT) test --skip-build --filter 'FuzzTests' --skip TranslationFuzzTests \
	    --no-parallel $(TEST_FLAGS) || failed=1; \
	wait $$fuzzer || failed=1; \
	exit $$failed

# Counts instructions, so it holds on a busy machine as well.
check-linearity:
	@./Tests/install-packages valgrind
	@cd Benchmarks/Fuzz && $(SWIFT) build -c release --product Fuzz
	@./Benchmarks/linearity --fuzz Benchmarks/Fuzz/.build/release/Fuzz

# What can go wrong with upstreams, files, memory and descriptors, in tables, and with restarts.
fault_suites := FaultTableTests|HostileUpstreamTests|HostileListTests|HostileFilesTests|StarvationTests|FallbackTests|RestartTests

check-faults:
	@$(some_at_once) $(SWIFT) test --filter '$(fault_suites)' $(TEST_FLAGS)

check-soak:
	@QWENPROXYD_SOAK_SECONDS=$(SOAK_SECONDS) $(SWIFT) test --filter SoakTests $(TEST_FLAGS)

# The package, in a user's service manager and in a booted Debian. Alone, because they measure times.
system-test: deb
	@./Tests/install-packages $(system_packages)
	@$(with_clients); \
	QWENPROXYD_TEST_DEB="$$(realpath $(deb_dir)/qwenproxyd_*.deb)" \
	SYSTEM_TEST_SUITE="$(SUITE)" SYSTEM_TEST_MIRROR="$(MIRROR)" $(SWIFT) test --filter SystemTests $(TEST_FLAGS)

# What Debian's own tools say to the package. piuparts installs it in a fresh system, upgrades, removes and purges it.
# And whether it comes out the same when it is built once more.
check-deb: deb
	@./Tests/install-packages lintian piuparts autopkgtest mmdebstrap
	DEBIAN_SUITE="$(SUITE)" ./debian/check "$$(realpath $(deb_dir))"
	./debian/check-reproducible "$$(realpath $(deb_dir))"

lint:
	@$(SWIFT) format lint --strict --recursive $(wildcard $(format_paths))

deps:
	@./Tests/install-packages $(build_packages)

test-deps:
	@./Tests/install-packages $(test_packages)

bench-deps:
	@./Tests/install-packages $(bench_packages)

# The stamp holds the requirements that were installed: a change of the file installs again, and so does a new day, because
# the clients are the newest ones. Without the network, those of an earlier day will do.
clients:
	@if [[ -z "$$(find "$(client_stamp)" -mtime -1 2>/dev/null)" ]] \
	    || ! cmp -s Tests/Python/requirements.txt "$(client_stamp)"; then \
	    { [[ -x "$(client_python)" ]] || /usr/bin/python3 -m venv "$(client_cache)"; } && \
	    "$(client_python)" -m pip install --quiet --disable-pip-version-check --upgrade -r Tests/Python/requirements.txt && \
	    cp Tests/Python/requirements.txt "$(client_stamp)" || { \
	        cmp -s Tests/Python/requirements.txt "$(client_stamp)" \
	        && echo "make: the clients are those of $$(date -r "$(client_stamp)" +%F)"; \
	    }; \
	fi

# The scenarios of the tests with the newest clients, which are recorded, and what is new in that. The suites have to pass.
compat_suites := ClaudeCodeTests|AnthropicClientTests|CompatibilityTests|CompatibilityTableTests
recordings    := $(CURDIR)/.build/compatibility

compat: deps test-deps
	@rm -rf "$(recordings)"
	@[[ ! -e "$(client_stamp)" ]] || touch -d @0 "$(client_stamp)"
	@$(MAKE) --no-print-directory clients
	@"$(client_python)" Tests/Compatibility/compat.py wrap "$(recordings)"
	@QWENPROXYD_TEST_CLAUDE="$(recordings)/claude" QWENPROXYD_TEST_PYTHON="$(recordings)/python" \
	    $(some_at_once) $(SWIFT) test --filter '$(compat_suites)' $(TEST_FLAGS) || failed=1; \
	"$(client_python)" Tests/Compatibility/compat.py compare "$(recordings)" && [[ -z "$${failed:-}" ]]

# After `make compat`: what was found becomes what is known.
compat-record:
	@"$(client_python)" Tests/Compatibility/compat.py record "$(recordings)"

compat-document:
	@/usr/bin/python3 Tests/Compatibility/compat.py document


bench: build bench-deps
	@./Benchmarks/run --daemon "$(release_dir)/qwenproxyd" $(BENCH_FLAGS)

# The Swift toolchain is the one on PATH; see debian/README.source.
deb: deps
	@./Tests/install-packages $(deb_packages)
	@rm -rf $(deb_dir) && mkdir -p $(deb_dir)
	@DEB_OUTPUT=$(deb_dir) SWIFT="$(SWIFT)" dpkg-buildpackage --build=binary --no-sign \
	    --build-profiles=pkg.qwenproxyd.hostswift --buildinfo-option=-u$(deb_dir) --changes-option=-u$(deb_dir) \
	    --buildinfo-file=$(deb_dir)/qwenproxyd.buildinfo --changes-file=$(deb_dir)/qwenproxyd.changes 2>&1 \
	    | tee $(deb_dir)/build.log | ./debian/progress || { tail -30 $(deb_dir)/build.log; exit 1; }
	@ls $(deb_dir)/*.deb

install: programs
	install -D -s -m 755 "$(release_dir)/qwenproxyd" "$(DESTDIR)$(PREFIX)/bin/qwenproxyd"
	install -D -s -m 755 "$(release_dir)/qwenproxyctl" "$(DESTDIR)$(PREFIX)/bin/qwenproxyctl"
	install -D -m 644 Sources/Catalog/catalog.json "$(DESTDIR)$(PREFIX)/share/qwenproxyd/catalog.json"
	install -D -m 644 -t "$(DESTDIR)$(PREFIX)/share/man/man1" docs/man/*.1
	install -D -m 644 -t "$(DESTDIR)$(PREFIX)/share/man/man5" docs/man/*.5
	install -D -m 644 -t "$(DESTDIR)$(PREFIX)/share/man/man8" docs/man/*.8
	install -d "$(DESTDIR)$(PREFIX)/share/bash-completion/completions" "$(DESTDIR)$(PREFIX)/share/zsh/site-functions" \
	    "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d"
	cd "$(DESTDIR)$(PREFIX)/share"; for program in qwenproxyctl qwenproxyd; do \
	    binary="$(release_dir)/$$program"; \
	    "$$binary" --generate-completion-script bash > "bash-completion/completions/$$program"; \
	    "$$binary" --generate-completion-script zsh > "zsh/site-functions/_$$program"; \
	    "$$binary" --generate-completion-script fish > "fish/vendor_completions.d/$$program.fish"; \
	done
	install -d "$(user_units)" $(if $(home_prefix),,"$(system_units)")
	for unit in systemd/*.service systemd/*.socket; do \
	    directory="$(user_units)"; \
	    if [[ "$$unit" == *@.* ]]; then directory="$(if $(home_prefix),,$(system_units))"; fi; \
	    [[ -z "$$directory" ]] || sed "s|/usr/bin/|$(PREFIX)/bin/|g" "$$unit" > "$$directory/$${unit##*/}"; \
	done
	@echo "make: installed. Next: systemctl --user daemon-reload; qwenproxyctl setup"

# What install put there; settings, keys and running daemons are left alone.
uninstall:
	rm -f "$(DESTDIR)$(PREFIX)"/bin/qwenproxy{d,ctl} "$(DESTDIR)$(PREFIX)"/share/man/man[158]/qwenproxy* \
	    "$(DESTDIR)$(PREFIX)"/share/qwenproxyd/catalog.json \
	    "$(DESTDIR)$(PREFIX)"/share/bash-completion/completions/qwenproxy{d,ctl} \
	    "$(DESTDIR)$(PREFIX)"/share/zsh/site-functions/_qwenproxy{d,ctl} \
	    "$(DESTDIR)$(PREFIX)"/share/fish/vendor_completions.d/qwenproxy{d,ctl}.fish
	for unit in systemd/*.service systemd/*.socket; do \
	    rm -f "$(user_units)/$${unit##*/}" "$(system_units)/$${unit##*/}"; \
	done
	rmdir "$(DESTDIR)$(PREFIX)/share/qwenproxyd" 2>/dev/null || true
	@echo "make: removed. A daemon that still runs: systemctl --user disable --now qwenproxyd{.service,.socket,-control.socket}"

clean:
	rm -rf .build
