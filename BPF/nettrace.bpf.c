// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The programs: one per attach method. What differs per hook is in its cookie. */
#include "kernel.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

#include "nettrace_abi.h"
#include "config.h"
#include "maps.h"
#include "kernel_compat.h"
#include "hook.h"
#include "packet.h"
#include "socket.h"
#include "device.h"
#include "filter.h"
#include "emit.h"

/* The helpers that read kernel memory are for GPL programs only. */
char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline bool needs_place(void)
{
	return config.sections & NT_SECTION_DEVICE || config.flags & (NT_CONFIG_FILTER_NETNS | NT_CONFIG_FILTER_INTERFACE);
}

static __always_inline void trace(const struct hook_call *call)
{
	struct nt_filter_ctx packet = {};
	struct skb_window window = {};
	struct place place = {};
	const struct sk_buff *skb = call->skb;
	const struct sk_buff *w = read_window(&window, skb);
	const struct sock *sk = call->sk;
	bool from_socket = false;

	if (!skb && !sk)
		return;
	if (!match_skb(skb, w))
		return;
	if (!sk)
		sk = BPF_CORE_READ(skb, sk);
	if (!locate_headers(&packet, w) && sk)
		from_socket = headers_from_socket(&packet, sk);
	/* Netlink and Unix sockets use skbs too: no network packet, no event. */
	if (!packet.protocol)
		return;
	if (!match_packet(&packet))
		return;
	if (needs_place()) {
		find_place(&place, skb, sk);
		if (!match_place(&place, w))
			return;
	}
	if (!match_pid(call, sk))
		return;
	emit(call, w, &packet, &place, from_socket);
}

static __always_inline void trace_function(struct pt_regs *regs, __u64 cookie)
{
	struct hook_call call;

	hook_from_function(&call, regs, cookie);
	trace(&call);
}

/* 5.18+ with CONFIG_FPROBE: one link for all functions. */
SEC("kprobe.multi")
int nt_kprobe_multi(struct pt_regs *regs)
{
	if (gate_open)
		trace_function(regs, bpf_get_attach_cookie(regs));
	return 0;
}

/* Any kernel with kprobes: one program for all of them, told apart by the address they fired at. */
SEC("kprobe")
int nt_kprobe(struct pt_regs *regs)
{
	__u64 address = PT_REGS_IP(regs) - KPROBE_IP_OFFSET;
	__u64 *cookie;

	if (!gate_open)
		return 0;
	cookie = bpf_map_lookup_elem(&hook_by_address, &address);
	if (cookie)
		trace_function(regs, *cookie);
	return 0;
}

static __always_inline void trace_tracepoint(const void *ctx, __u64 cookie)
{
	struct hook_call call;

	hook_from_tracepoint(&call, ctx, cookie);
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
