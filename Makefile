# nettrace: `make run` traces this machine, `make test` runs every test. README.md says more.

# Arguments of nettrace for `make run`: make run ARGS="-p icmp -o pid,if"
ARGS ?=
PREFIX ?= /usr/local
# Kernels that `make test` boots; `make test-kernels KERNELS=7.2` for others.
KERNELS ?= 5.10 6.1 6.12

BUILD := build
MACHINE := $(shell uname -m)
BPF_ARCH := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(MACHINE)))
SWIFT ?= swift
# Newer versions of libelf need libzstd, which nobody tells a static link.
ZSTD := $(shell grep -qsw libzstd /usr/lib/*/pkgconfig/libelf.pc && echo -Xlinker -lzstd)
STATIC := -c release --static-swift-stdlib -Xswiftc -static-executable $(ZSTD)
# Any clang that knows the BPF target will do; the Swift toolchain brings one.
CLANG ?= $(shell for c in clang "$$(dirname "$$(realpath "$$(command -v $(SWIFT))")")/clang"; do \
	$$c --print-targets 2>/dev/null | grep -qw bpf && echo $$c && break; done)
BPFTOOL ?= $(shell PATH="$$PATH:/usr/sbin:/sbin" command -v bpftool)

BUILD_PACKAGES := libbpf-dev libelf-dev zlib1g-dev libpcap-dev bpftool $(if $(CLANG),,clang)
TEST_PACKAGES := qemu-system-$(patsubst aarch64,arm,$(patsubst x86_64,x86,$(MACHINE))) busybox-static cpio kmod zstd \
	xz-utils iproute2 nftables iptables iputils-ping iputils-arping tcpdump socat ethtool bpftool

SOURCES := $(shell find Sources BPF -type f) Package.swift tracers.json
RUNNER_SOURCES := $(shell find Tests/ScenarioRunner -type f) Package.swift
BPF_HEADERS := $(wildcard BPF/*.h BPF/include/*.h)

.PHONY: all run test test-units sanitize test-machine test-kernels test-faults lint bench bench-peers budget fuzz overload \
	install clean setup setup-tests
all: $(BUILD)/nettrace

# Installs what is missing when it may, and says what is missing when it may not.
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

setup:
	@mkdir -p $(BUILD)/bpf
	@command -v $(SWIFT) >/dev/null || { echo "Swift 6.2 or newer is needed: https://www.swift.org/install"; exit 1; }
	$(call install-packages,$(BUILD_PACKAGES))

setup-tests: setup
	$(call install-packages,$(TEST_PACKAGES))

$(BUILD)/bpf/nettrace.bpf.o: BPF/nettrace.bpf.c $(BPF_HEADERS) | setup
	$(CLANG) --target=bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -Wno-unknown-warning-option \
		-Wno-default-const-init-var-unsafe -D__TARGET_ARCH_$(BPF_ARCH) -IBPF -IBPF/include -c $< -o $@

$(BUILD)/bpf/nettrace.skel.h: $(BUILD)/bpf/nettrace.bpf.o
	$(BPFTOOL) gen object $(BUILD)/bpf/nettrace.linked.o $<
	$(BPFTOOL) gen skeleton $(BUILD)/bpf/nettrace.linked.o name nettrace_bpf >$@.tmp
	mv $@.tmp $@

$(BUILD)/nettrace: $(BUILD)/bpf/nettrace.skel.h $(SOURCES)
	$(SWIFT) build $(STATIC) --product nettrace
	strip -o $@ $$($(SWIFT) build $(STATIC) --show-bin-path)/nettrace

$(BUILD)/ScenarioRunner: $(BUILD)/bpf/nettrace.skel.h $(RUNNER_SOURCES)
	$(SWIFT) build $(STATIC) --product ScenarioRunner
	strip -o $@ $$($(SWIFT) build $(STATIC) --show-bin-path)/ScenarioRunner

# Static, since it also runs in guests.
$(BUILD)/faulttool: $(wildcard Tests/Faults/tool/*.[ch])
	$(CC) -std=gnu2x -O2 -Wall -Wextra -Werror -static -o $@ $(filter %.c,$^) -lbpf -lelf -lz

$(BUILD)/nettrace-bench: $(BUILD)/bpf/nettrace.skel.h $(SOURCES)
	$(SWIFT) build $(STATIC) --product nettrace-bench
	strip -o $@ $$($(SWIFT) build $(STATIC) --show-bin-path)/nettrace-bench

run: $(BUILD)/nettrace
	@$(if $(filter 0,$(shell id -u)),,$(if $(shell command -v sudo),sudo)) $(BUILD)/nettrace $(ARGS)

# Every layer runs, whatever the one before it found; the last line adds them up.
test: $(BUILD)/nettrace $(BUILD)/nettrace-bench $(BUILD)/ScenarioRunner $(BUILD)/faulttool setup-tests
	@rm -rf $(BUILD)/test-results
	-@Tests/record asan Tests/sanitize address
	-@Tests/record tsan Tests/sanitize thread
	-@Tests/record golden Tests/Golden/run
	-@Tests/record fuzz Tests/Fuzz/run 5
	-@Tests/record machine Tests/run-machine
	-@Tests/record benchmarks Tests/run-benchmarks
	-@NETTRACE_FAULTS=share Tests/VM/run-kernels $(KERNELS)
	@Tests/score machine $(addprefix kernel-,$(KERNELS))
	@Tests/summarise asan tsan golden fuzz machine benchmarks $(addprefix kernel-,$(KERNELS))

test-units: $(BUILD)/bpf/nettrace.skel.h
	@Tests/run-units

# The unit tests under AddressSanitizer and ThreadSanitizer.
sanitize: $(BUILD)/bpf/nettrace.skel.h
	@rm -f $(BUILD)/test-results/asan $(BUILD)/test-results/tsan
	-@Tests/record asan Tests/sanitize address
	-@Tests/record tsan Tests/sanitize thread
	@Tests/summarise asan tsan

test-machine: $(BUILD)/nettrace $(BUILD)/ScenarioRunner $(BUILD)/faulttool setup-tests
	@Tests/run-machine

test-kernels: $(BUILD)/nettrace $(BUILD)/ScenarioRunner $(BUILD)/faulttool setup-tests
	@rm -f $(addprefix $(BUILD)/test-results/kernel-,$(KERNELS))
	-@Tests/VM/run-kernels $(KERNELS)
	@Tests/summarise $(addprefix kernel-,$(KERNELS))

# The whole fault laboratory in guests.
test-faults: $(BUILD)/nettrace $(BUILD)/ScenarioRunner $(BUILD)/faulttool setup-tests
	@rm -f $(addprefix $(BUILD)/test-results/kernel-,$(KERNELS))
	-@NETTRACE_FAULTS=only Tests/VM/run-kernels $(KERNELS)
	@Tests/score $(addprefix kernel-,$(KERNELS))
	@Tests/summarise $(addprefix kernel-,$(KERNELS))

# What others have made, mutated: for so many seconds each.
fuzz: $(BUILD)/bpf/nettrace.skel.h
	@Tests/Fuzz/run $(or $(SECONDS),60)

# More traffic than a small ring can take, for as long as you like; KERNELS= in guests instead of here.
overload: $(BUILD)/nettrace setup-tests
	@Tests/overload $(or $(SECONDS),120) $(if $(findstring command line,$(origin KERNELS)),$(KERNELS))

# How much of the verifier's budget each program takes, in every combination of features.
budget: $(BUILD)/nettrace setup-tests
	@Tests/budget full $(if $(findstring command line,$(origin KERNELS)),$(KERNELS))

bench: $(BUILD)/nettrace $(BUILD)/nettrace-bench
	@$(BUILD)/nettrace-bench --program $(BUILD)/nettrace

# The same load under nettrace, pwru and bpftrace, in guests.
bench-peers: $(BUILD)/nettrace $(BUILD)/nettrace-bench setup-tests
	@Tests/VM/bench-peers $(if $(findstring command line,$(origin KERNELS)),$(KERNELS),6.12)

lint:
	@Tests/Lint/imports
	@Tests/Lint/sizes
	@Tests/Lint/tree
	@$(SWIFT) format lint --strict --recursive Sources Tests Package.swift

install: $(BUILD)/nettrace
	install -D -m 0755 $(BUILD)/nettrace $(DESTDIR)$(PREFIX)/sbin/nettrace

clean:
	rm -rf $(BUILD)/nettrace $(BUILD)/faulttool $(BUILD)/nettrace-bench $(BUILD)/ScenarioRunner $(BUILD)/bpf $(BUILD)/test-results \
		.build .build-*
