/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The programs for socket events: one per attach method, as those for packets. What differs per hook is in its cookie. */
#ifndef NETTRACE_SOCK_PROGRAMS_H
#define NETTRACE_SOCK_PROGRAMS_H

static __always_inline void trace_sock_function(struct pt_regs *regs, __u64 cookie)
{
	struct hook_call call = { .cookie = cookie, .ctx = regs, .is_function = true };

	trace_sock_event(&call);
}

static __always_inline void trace_sock_tracepoint(const void *ctx, __u64 cookie)
{
	struct hook_call call = { .cookie = cookie, .ctx = ctx, .is_function = false };

	trace_sock_event(&call);
}

SEC("kprobe.multi")
int nt_sock_kprobe_multi(struct pt_regs *regs)
{
	if (gate_open)
		trace_sock_function(regs, bpf_get_attach_cookie(regs));
	return 0;
}

SEC("kprobe")
int nt_sock_kprobe(struct pt_regs *regs)
{
	__u64 cookie;

	if (!gate_open)
		return 0;
	cookie = cookie_of_kprobe(regs);
	if (cookie)
		trace_sock_function(regs, cookie);
	return 0;
}

SEC("raw_tp")
int nt_sock_tracepoint(void *ctx)
{
	if (gate_open)
		trace_sock_tracepoint(ctx, bpf_get_attach_cookie(ctx));
	return 0;
}

SEC("raw_tp")
int nt_sock_tracepoint_template(void *ctx)
{
	__u64 cookie;

	asm volatile("%[cookie] = " NT_STRINGIFY(NT_COOKIE_MARKER) " ll" : [cookie] "=r"(cookie));
	if (gate_open)
		trace_sock_tracepoint(ctx, cookie);
	return 0;
}

#endif
