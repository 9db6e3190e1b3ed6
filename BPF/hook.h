/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What fired: the hook's cookie, and its arguments by position. */
#ifndef NETTRACE_HOOK_H
#define NETTRACE_HOOK_H

struct hook_call {
	__u64 cookie;
	const struct sk_buff *skb;
	const struct sock *sk;
	__u64 location;
	__u64 caller;      /* where the function returns to; 0: not asked for, or a tracepoint */
	const void *ctx;   /* the program's own context */
	const void *stack; /* some address on the kernel stack that the hook runs on */
	__u32 reason;
};

static __always_inline __u32 cookie_hook(__u64 cookie)
{
	return cookie >> NT_COOKIE_HOOK_SHIFT & 0xffff;
}

static __always_inline __u32 cookie_flags(__u64 cookie)
{
	return cookie >> NT_COOKIE_FLAGS_SHIFT;
}

static __always_inline __u32 cookie_position(__u64 cookie, __u32 shift)
{
	return cookie >> shift & 0xf;
}

/* The argument is the skb, or a struct (nft_pktinfo, nf_queue_entry, …) that points to it. */
static __always_inline const struct sk_buff *resolve_skb(__u64 cookie, __u64 argument)
{
	__u64 skb = 0;

	if (!(cookie_flags(cookie) & NT_HOOK_INDIRECT))
		return (const struct sk_buff *)argument;
	argument += cookie >> NT_COOKIE_MEMBER_SHIFT & 0xffff;
	bpf_probe_read_kernel(&skb, sizeof(skb), (const void *)argument);
	return (const struct sk_buff *)skb;
}

#define HOOK_ARGUMENTS 5

static __always_inline __u64 argument(const __u64 *args, __u32 position)
{
	switch (position) {
	case 1:
		return args[0];
	case 2:
		return args[1];
	case 3:
		return args[2];
	case 4:
		return args[3];
	case 5:
		return args[4];
	default:
		return 0;
	}
}

static __always_inline void fill_call(struct hook_call *call, __u64 cookie, const void *stack, const __u64 *args)
{
	call->cookie = cookie;
	call->stack = stack;
	call->skb = resolve_skb(cookie, argument(args, cookie_position(cookie, NT_COOKIE_SKB_SHIFT)));
	call->sk = (const struct sock *)argument(args, cookie_position(cookie, NT_COOKIE_SOCK_SHIFT));
	call->reason = argument(args, cookie_position(cookie, NT_COOKIE_REASON_SHIFT));
	call->location = argument(args, cookie_position(cookie, NT_COOKIE_LOCATION_SHIFT));
}

/* Register arguments: both calling conventions pass the first five (x86: six) that way. */
static __always_inline void hook_from_function(struct hook_call *call, struct pt_regs *regs, __u64 cookie)
{
	__u64 args[HOOK_ARGUMENTS] = { PT_REGS_PARM1(regs), PT_REGS_PARM2(regs), PT_REGS_PARM3(regs),
				       PT_REGS_PARM4(regs), PT_REGS_PARM5(regs) };

	/* Or the compiler chooses the address first and loads once, which the verifier does not allow on a context. */
	barrier_var(args[0]);
	barrier_var(args[1]);
	barrier_var(args[2]);
	barrier_var(args[3]);
	barrier_var(args[4]);
	fill_call(call, cookie, (const void *)PT_REGS_SP(regs), args);
	call->ctx = regs;
	call->caller = config.sections & NT_SECTION_CALLER ? return_address(regs) : 0;
}

/*
 * Arguments are read from behind the verifier's back: a program that loads an
 * argument which one tracepoint lacks may not be attached to it at all
 * (__bpf_probe_register, max_ctx_offset), and this one serves them all. They
 * stand in a local array (include/trace/bpf_probe.h), so reading past its end
 * is harmless, and its address tells which stack we run on.
 */
static __always_inline void hook_from_tracepoint(struct hook_call *call, const void *ctx, __u64 cookie)
{
	__u64 args[HOOK_ARGUMENTS] = {};

	bpf_probe_read_kernel(args, sizeof(args), ctx);
	fill_call(call, cookie, ctx, args);
	call->ctx = ctx;
	call->caller = 0;
}

#endif
