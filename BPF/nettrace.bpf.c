// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The programs: one per attach method. What differs per hook is in its cookie. */
#include "kernel.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

#include "nettrace_abi.h"
#include "nettrace_drops.h"
#include "nettrace_sock.h"
#include "nettrace_tcp.h"
#include "nettrace_filter.h"
#include "nettrace_wanted.h"
#include "nettrace_run.h"
#include "nettrace_frame.h"
#include "nettrace_under.h"
#include "nettrace_payload.h"
#include "config.h"
#include "blur.h"
#include "maps.h"
#include "kernel_compat.h"
#include "stack.h"
#include "hook.h"
#include "packet.h"
#include "socket.h"
#include "socket_section.h"
#include "wanted.h"
#include "device.h"
#include "process.h"
#include "owner.h"
#include "filter.h"
#include "filter_sets.h"
#include "filter_views.h"
#include "signature.h"
#include "track.h"
#include "limit.h"
#include "ring.h"
#include "calls.h"
#include "packet_more.h"
#include "kernel_pages.h"
#include "payload.h"
#include "receiver.h"
#include "kernel_ct.h"
#include "ct_section.h"
#include "emit.h"
#include "trace.h"
#include "under.h"
#include "drop_filter.h"
#include "flow.h"
#include "normal_end.h"
#include "epoch.h"
#include "drop_summary.h"
#include "sock_tuple.h"
#include "sock_kinds.h"
#include "sock_event.h"
#include "kernel_tcp.h"
#include "tcp_connection.h"
#include "tcp_rtt.h"
#include "tcp_summary.h"
#include "tcp_programs.h"
#include "kernel_xdp.h"
#include "run.h"
#include "run_xdp.h"
#include "run_tc.h"

/* The helpers that read kernel memory are for GPL programs only. */
char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Finds the skb for itself: one that is kept over the call costs stack. */
static __always_inline void remember_call(struct pt_regs *regs, __u64 cookie)
{
	struct hook_call call = { .cookie = cookie, .ctx = regs, .is_function = true };

	if (!(config.flags & NT_CONFIG_UNDER) || is_silent(&call))
		return;
	fetch_skb(&call);
	if (call.skb)
		remember_frame(PT_REGS_SP(regs), (__u64)call.skb);
}

static __always_inline bool trace_function(struct pt_regs *regs, __u64 cookie)
{
	struct hook_call call = { .cookie = cookie, .ctx = regs, .is_function = true };

	remember_call(regs, cookie);
	fetch_skb(&call);
	return trace(&call);
}

/* 5.18+ with CONFIG_FPROBE: one link for all functions. */
SEC("kprobe.multi")
int nt_kprobe_multi(struct pt_regs *regs)
{
	if (gate_open)
		trace_function(regs, bpf_get_attach_cookie(regs));
	return 0;
}

/* 5.18+, for functions whose return is wanted: at it again, with the same cookie. */
SEC("kretprobe.multi")
int nt_kretprobe_multi(struct pt_regs *regs)
{
	if (gate_open)
		trace_return(regs, bpf_get_attach_cookie(regs));
	return 0;
}

/* At the entry the instruction pointer stands in the function's first bytes, at the return in its caller or the kernel's trampoline. */
#define ENTRY_BYTES 16

/* 6.10+: entry and return by one link, and no return where the entry says that it is not wanted. */
SEC("kprobe.multi")
int nt_kprobe_session(struct pt_regs *regs)
{
	__u64 cookie = bpf_get_attach_cookie(regs);

	if (!gate_open)
		return 1;
	if (PT_REGS_IP(regs) - bpf_get_func_ip(regs) >= ENTRY_BYTES) {
		trace_return(regs, cookie);
		return 0;
	}
	return !trace_function(regs, cookie);
}

/* Any kernel with kprobes: one program for all of them, which reads the function from the instruction pointer. */
SEC("kprobe")
int nt_kprobe(struct pt_regs *regs)
{
	__u64 cookie;

	if (!gate_open)
		return 0;
	cookie = cookie_of_kprobe(regs);
	if (cookie)
		trace_function(regs, cookie);
	return 0;
}

#include "first_argument_programs.h"

/* The same for returns. Before 5.15 only the frame shows which function it is. */
SEC("kretprobe")
int nt_kretprobe(struct pt_regs *regs)
{
	if (gate_open)
		trace_return(regs, kprobes_have_cookies() ? bpf_get_attach_cookie(regs) : 0);
	return 0;
}

static __always_inline void trace_tracepoint(const void *ctx, __u64 cookie)
{
	struct hook_call call = { .cookie = cookie, .ctx = ctx, .is_function = false };

	if (is_ignored_drop(&call))
		return;
	fetch_skb(&call);
	if (is_normal_end(&call))
		return;
	trace(&call);
}

/* 6.10+: raw tracepoints carry a cookie. */
SEC("raw_tp")
int nt_tracepoint(void *ctx)
{
	if (gate_open)
		trace_tracepoint(ctx, bpf_get_attach_cookie(ctx));
	return 0;
}

/* Before 6.10: user space loads a copy for each tracepoint with the cookie written into it. */
SEC("raw_tp")
int nt_tracepoint_template(void *ctx)
{
	__u64 cookie;

	asm volatile("%[cookie] = " NT_STRINGIFY(NT_COOKIE_MARKER) " ll" : [cookie] "=r"(cookie));
	if (gate_open)
		trace_tracepoint(ctx, cookie);
	return 0;
}

/* --drop --summary: one tracepoint, whose cookie the configuration has. */
SEC("raw_tp")
int nt_drop_summary(void *ctx)
{
	struct hook_call call = { .cookie = drop_config.cookie, .ctx = ctx, .is_function = false };

	if (!gate_open || is_ignored_drop(&call))
		return 0;
	fetch_skb(&call);
	fetch_socket(&call);
	if (call.skb && !is_normal_end(&call))
		count_drop(&call);
	return 0;
}

#include "sock_programs.h"
#include "run_programs.h"
#include "frame_loss.h"
