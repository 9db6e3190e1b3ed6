// libbpf's public API (GPL-free: LGPL-2.1 OR BSD-2-Clause), as Debian's libbpf-dev installs it.
#pragma once
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
