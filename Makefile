# nettrace: `make run` traces this machine, `make test` runs every test, `make help` lists the rest. See README.md.
SHELL := /bin/bash

# Arguments of nettrace for `make run`: make run ARGS="-p icmp -o pid,if"
ARGS ?=
PREFIX ?= /usr/local
# Kernels that `make test` boots; `make test-kernels KERNELS=7.2` for others.
KERNELS ?= 5.10 6.1 6.12
# Commands that are also programs of their own names (Spelling.swift).
LINKS := dtrace ipreport iptrace netsnoop startsrc stopsrc
# Wireshark's folder of capture programs; empty: no link is made there.
EXTCAP ?= $(firstword $(wildcard /usr/lib/*/wireshark/extcap /usr/lib*/wireshark/extcap))

UNIT := nettrace-iptrace@.service

BUILD := build
MACHINE := $(shell uname -m)
BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(MACHINE)))
SWIFT ?= swift
# Newer libelf needs libzstd, but static links are not told to include it.
ZSTD := $(shell grep -qsw libzstd /usr/lib/*/pkgconfig/libelf.pc && echo -Xlinker -lzstd)
STATIC := -c release --static-swift-stdlib -Xswiftc -static-executable $(ZSTD)
# Any clang with the BPF target works; the Swift toolchain contains one.
CLANG ?= $(shell for c in clang "$$(dirname "$$(realpath "$$(command -v $(SWIFT))")")/clang"; do \
	$$c --print-targets 2>/dev/null | grep -qw bpf && echo $$c && break; done)
BPFTOOL ?= $(shell PATH="$$PATH:/usr/sbin:/sbin" command -v bpftool)

BUILD_PACKAGES := libbpf-dev libelf-dev zlib1g-dev libpcap-dev bpftool $(if $(CLANG),,clang)
TEST_PACKAGES := qemu-system-$(patsubst aarch64,arm,$(patsubst x86_64,x86,$(MACHINE))) busybox-static cpio kmod zstd \
	xz-utils iproute2 nftables iptables ipset iputils-ping iputils-arping tcpdump tshark socat ethtool bpftool

# A product as a static executable. The linker warns of each glibc function that would load the machine's own name
# services at run time. nettrace only uses the built-in ones (Sources/CLibPCap), so these warnings are filtered out.
define build-static
set -o pipefail; $(SWIFT) build $(STATIC) --product $(@F) 2>&1 | \
	{ grep --line-buffered -v -e 'in statically linked applications requires at runtime' \
		-e "the use of .mktemp' is dangerous" || true; }
strip -o $@ $$($(SWIFT) build $(STATIC) --show-bin-path)/$(@F)
endef

SOURCES := $(shell find Sources BPF -type f) Package.swift tracers.json
RUNNER_SOURCES := $(shell find Tests/ScenarioRunner -type f) Package.swift
BPF_FOLDERS := BPF BPF/kernel BPF/filter BPF/sockets BPF/runs BPF/include
BPF_HEADERS := $(wildcard $(addsuffix /*.h,$(BPF_FOLDERS)))

.PHONY: all help run test test-all test-units sanitize test-machine test-kernels test-faults lint bench bench-peers bench-captures budget fuzz overload \
	install uninstall clean setup setup-tests
all: $(BUILD)/nettrace ## build/nettrace, a static executable

help: ## these lines
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | sort | \
		while IFS='|' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

# Installs missing packages as root; otherwise lists them and fails.
define install-packages
@missing="$$(for p in $(1); do dpkg-query -W -f '$${Status}\n' $$p 2>/dev/null | grep -q ' installed$$' || echo $$p; done)"; \
if [ -n "$$missing" ]; then \
	if [ "$$(id -u)" != 0 ]; then \
		echo "These packages are missing; install them as root, then run make again:"; \
		echo "  apt-get install" $$missing; exit 1; \
	fi; \
	echo "installing" $$missing; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing \
		>$(BUILD)/setup.log 2>&1 || { tail -n 20 $(BUILD)/setup.log; exit 1; }; \
fi
endef

setup: ## installs what the build needs
	@mkdir -p $(BUILD)/bpf
	@command -v $(SWIFT) >/dev/null || { echo "Swift 6.2 or newer is needed: https://www.swift.org/install"; exit 1; }
	$(call install-packages,$(BUILD_PACKAGES))

setup-tests: setup ## installs what the tests need as well
	$(call install-packages,$(TEST_PACKAGES))

# The verifier allows 512 bytes of stack, including that of functions which a program calls.
$(BUILD)/bpf/nettrace.bpf.o: BPF/nettrace.bpf.c $(BPF_HEADERS) | setup
	$(CLANG) --target=bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -Wno-unknown-warning-option \
		-Wno-default-const-init-var-unsafe -Wframe-larger-than=448 -D__TARGET_ARCH_$(BPF_ARCH) $(addprefix -I,$(BPF_FOLDERS)) -c $< -o $@

$(BUILD)/bpf/nettrace.skel.h: $(BUILD)/bpf/nettrace.bpf.o
	$(BPFTOOL) gen object $(BUILD)/bpf/nettrace.linked.o $<
	$(BPFTOOL) gen skeleton $(BUILD)/bpf/nettrace.linked.o name nettrace_bpf >$@.tmp
	mv $@.tmp $@

$(BUILD)/nettrace: $(BUILD)/bpf/nettrace.skel.h $(SOURCES)
	$(build-static)

$(BUILD)/ScenarioRunner: $(BUILD)/bpf/nettrace.skel.h $(RUNNER_SOURCES)
	$(build-static)

# Static, since it also runs in guests.
$(BUILD)/faulttool: $(wildcard Tests/Faults/tool/*.[ch])
	$(CC) -std=gnu2x -O2 -Wall -Wextra -Werror -static -o $@ $(filter %.c,$^) -lbpf -lelf -lz

$(BUILD)/nettrace-bench: $(BUILD)/bpf/nettrace.skel.h $(SOURCES)
	$(build-static)

run: $(BUILD)/nettrace ## traces this machine: make run ARGS="-p icmp -o pid,if"
	@$(if $(filter 0,$(shell id -u)),,$(if $(shell command -v sudo),sudo)) $(BUILD)/nettrace $(ARGS)

# Every layer runs even if another one fails; the last line adds them up.
test: setup-tests ## every test, in guests with three kernels too
	@Tests/run-all $(KERNELS)

# Like test, but with every scenario and fault on every kernel.
test-all: setup-tests ## every scenario and fault on every kernel, 7.2 too; takes hours
	@Tests/run-all --everywhere $(if $(findstring command line,$(origin KERNELS)),$(KERNELS),$(KERNELS) 7.2)

test-units: $(BUILD)/bpf/nettrace.skel.h ## the unit tests alone
	@Tests/run-units

sanitize: $(BUILD)/bpf/nettrace.skel.h ## the unit tests under AddressSanitizer and ThreadSanitizer
	@rm -f $(BUILD)/test-results/asan $(BUILD)/test-results/tsan
	-@Tests/record asan Tests/sanitize address
	-@Tests/record tsan Tests/sanitize thread
	@Tests/summarise asan tsan

test-machine: $(BUILD)/nettrace $(BUILD)/ScenarioRunner $(BUILD)/faulttool setup-tests ## scenarios and faults on this machine
	@Tests/run-machine

test-kernels: $(BUILD)/nettrace $(BUILD)/ScenarioRunner $(BUILD)/faulttool setup-tests ## scenarios in guests: KERNELS="5.10 6.12"
	@rm -f $(addprefix $(BUILD)/test-results/kernel-,$(KERNELS))
	-@Tests/VM/run-kernels $(KERNELS)
	@Tests/summarise $(addprefix kernel-,$(KERNELS))

test-faults: $(BUILD)/nettrace $(BUILD)/ScenarioRunner $(BUILD)/faulttool setup-tests ## all faults in guests: KERNELS="5.10 6.12"
	@rm -f $(addprefix $(BUILD)/test-results/kernel-,$(KERNELS))
	-@NETTRACE_FAULTS=only Tests/VM/run-kernels $(KERNELS)
	@Tests/score $(addprefix kernel-,$(KERNELS))
	@Tests/summarise $(addprefix kernel-,$(KERNELS))

# Fuzzes each target for SECONDS seconds.
fuzz: $(BUILD)/bpf/nettrace.skel.h ## fuzzing, SECONDS=60 for each target
	@Tests/Fuzz/run $(or $(SECONDS),60)

# Runs more traffic than a small ring can take; in guests instead of here if KERNELS is given.
overload: $(BUILD)/nettrace setup-tests ## more traffic than a small ring can take: SECONDS=120
	@Tests/overload $(or $(SECONDS),120) $(if $(findstring command line,$(origin KERNELS)),$(KERNELS))

# Measures the share of the verifier's limit that each program uses.
budget: $(BUILD)/nettrace setup-tests ## the verifier's budget in every combination of features
	@Tests/budget full $(if $(findstring command line,$(origin KERNELS)),$(KERNELS))

bench: $(BUILD)/nettrace $(BUILD)/nettrace-bench ## figures of speed and memory
	@$(BUILD)/nettrace-bench --program $(BUILD)/nettrace

bench-peers: $(BUILD)/nettrace $(BUILD)/nettrace-bench setup-tests ## the same load under nettrace, pwru and bpftrace
	@Tests/VM/bench-peers $(if $(findstring command line,$(origin KERNELS)),$(KERNELS),6.12)

bench-captures: $(BUILD)/nettrace setup-tests ## the same packets recorded by iptrace, tcpdump and dumpcap; the speed of reading
	@Tests/Peers/reading
	@Tests/Peers/captures

lint: ## what continuous integration checks without a test
	@Tests/Lint/imports
	@Tests/Lint/sizes
	@Tests/Lint/tree
	@$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

install: $(BUILD)/nettrace ## into PREFIX/sbin (/usr/local/sbin)
	install -D -m 0755 $(BUILD)/nettrace $(DESTDIR)$(PREFIX)/sbin/nettrace
	$(foreach name,$(LINKS),ln -sf nettrace $(DESTDIR)$(PREFIX)/sbin/$(name) &&) true
	install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/nettrace/d Sources/CDLibrary/library/*.d
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@SBIN@|$(PREFIX)/sbin|' Sources/Systemd/$(UNIT) >$(DESTDIR)$(PREFIX)/lib/systemd/system/$(UNIT)
	$(if $(EXTCAP),install -d $(DESTDIR)$(EXTCAP) && ln -sf $(PREFIX)/sbin/nettrace $(DESTDIR)$(EXTCAP)/nettrace)

uninstall: ## removes what install put there
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/sbin/,nettrace $(LINKS))
	rm -rf $(DESTDIR)$(PREFIX)/share/nettrace $(DESTDIR)$(PREFIX)/lib/systemd/system/$(UNIT)
	$(if $(EXTCAP),rm -f $(DESTDIR)$(EXTCAP)/nettrace)

clean: ## removes what was built
	rm -rf $(BUILD)/nettrace $(BUILD)/faulttool $(BUILD)/nettrace-bench $(BUILD)/ScenarioRunner $(BUILD)/bpf $(BUILD)/test-results \
		.build .build-*
