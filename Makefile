# nettrace: `make run` traces this machine, `make test` runs every test. See README.md.

ARGS ?=
PREFIX ?= /usr/local
KERNELS ?= 5.10 6.1 6.12

BUILD := build
ARCH := $(shell uname -m)
BPF_ARCH := $(if $(filter x86_64,$(ARCH)),x86,$(if $(filter aarch64,$(ARCH)),arm64,$(ARCH)))
SWIFT ?= swift
STATIC := -c release --static-swift-stdlib -Xswiftc -static-executable --disable-sandbox
# Any clang that knows the BPF target will do; Swift brings one.
CLANG ?= $(firstword $(foreach c,clang $(dir $(realpath $(shell command -v $(SWIFT))))clang,$(shell $(c) --print-targets 2>/dev/null | grep -qw bpf && echo $(c))))
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool /usr/local/sbin/bpftool /sbin/bpftool) bpftool)

BPF_HEADERS := $(wildcard BPF/*.h BPF/include/*.h)
SOURCES := $(shell find Sources BPF -type f) Package.swift tracers.json

.PHONY: all
all: $(BUILD)/nettrace

$(BUILD)/bpf/nettrace.bpf.o: BPF/nettrace.bpf.c $(BPF_HEADERS)
	@mkdir -p $(@D)
	$(CLANG) --target=bpf -mcpu=v3 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -Wno-unknown-warning-option \
		-Wno-default-const-init-var-unsafe -D__TARGET_ARCH_$(BPF_ARCH) -IBPF -IBPF/include -c $< -o $@

$(BUILD)/bpf/nettrace.skel.h: $(BUILD)/bpf/nettrace.bpf.o
	$(BPFTOOL) gen object $(BUILD)/bpf/nettrace.linked.o $<
	$(BPFTOOL) gen skeleton $(BUILD)/bpf/nettrace.linked.o name nettrace_bpf > $@.tmp
	mv $@.tmp $@

$(BUILD)/nettrace: $(BUILD)/bpf/nettrace.skel.h $(SOURCES)
	$(SWIFT) build $(STATIC) --product nettrace
	strip -o $@ .build/release/nettrace
