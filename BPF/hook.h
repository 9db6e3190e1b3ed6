/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What fired: the hook's cookie, and its arguments by position. */
#ifndef NETTRACE_HOOK_H
#define NETTRACE_HOOK_H

/* Where the cookie is to be had from when it is wanted; it is 0 until then. */
enum late_cookie { COOKIE_IS_THERE, COOKIE_OF_LINK, COOKIE_OF_KPROBE };

/*
 * Only what every event needs is fetched at once; the rest is looked up in the
 * context when it is wanted. (The programs are short of stack, and each value
 * that is kept costs some.)
 */
struct hook_call {
	__u64 cookie;
	const struct sk_buff *skb;
	const struct sock *sk; /* NULL until it is wanted */
	const void *ctx;  /* the program's own: struct pt_regs, or a tracepoint's arguments */
	bool is_function; /* known to the compiler */
	enum late_cookie late; /* the same */
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

/* Where no hook wants it the verifier has less to look at. */
static __always_inline bool wants_stack(__u64 cookie)
{
	return config.flags & NT_CONFIG_STACKS && cookie_flags(cookie) & NT_HOOK_STACK;
}

static __always_inline bool wants_return(__u64 cookie)
{
	return config.flags & NT_CONFIG_RETURNS && cookie_flags(cookie) & NT_HOOK_RETURN;
}

/* Nobody asked for its events: it keeps track of packets. */
static __always_inline bool is_silent(const struct hook_call *call)
{
	return cookie_flags(call->cookie) & NT_HOOK_SILENT;
}

_Static_assert(NT_EVENT_SILENT == NT_HOOK_SILENT << 3, "silent_event");

/* NT_EVENT_SILENT at a hook that nobody asked for. */
static __always_inline __u16 silent_event(const struct hook_call *call)
{
	return (cookie_flags(call->cookie) & NT_HOOK_SILENT) << 3;
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

/* Register arguments: both calling conventions pass the first five (x86: six) that way. */
static __always_inline void function_arguments(struct pt_regs *regs, __u64 *args)
{
	args[0] = PT_REGS_PARM1(regs);
	args[1] = PT_REGS_PARM2(regs);
	args[2] = PT_REGS_PARM3(regs);
	args[3] = PT_REGS_PARM4(regs);
	args[4] = PT_REGS_PARM5(regs);
	/* Or the compiler chooses the address first and loads once, which the verifier does not allow on a context. */
	barrier_var(args[0]);
	barrier_var(args[1]);
	barrier_var(args[2]);
	barrier_var(args[3]);
	barrier_var(args[4]);
}

/*
 * All but the first argument, which every tracepoint has, are read from behind
 * the verifier's back: a program that loads an argument which one tracepoint
 * lacks may not be attached to it at all (__bpf_probe_register,
 * max_ctx_offset), and this one serves them all. They stand in a local array
 * (include/trace/bpf_probe.h), so reading past its end is harmless, and its
 * address shows which stack we run on.
 */
static __always_inline __u64 tracepoint_argument(const __u64 *ctx, __u32 position)
{
	__u64 value = 0;

	if (position == 1)
		return *(const volatile __u64 *)ctx;
	bpf_probe_read_kernel(&value, sizeof(value), ctx + position - 1);
	return value;
}

/* The argument whose position stands at `shift` in the cookie; 0 where the hook has none. */
static __always_inline __u64 hook_argument(const struct hook_call *call, __u32 shift)
{
	__u32 position = cookie_position(call->cookie, shift);
	__u64 args[HOOK_ARGUMENTS];

	if (!position)
		return 0;
	if (!call->is_function)
		return tracepoint_argument(call->ctx, position);
	function_arguments((struct pt_regs *)call->ctx, args);
	return argument(args, position);
}

static __always_inline void fetch_skb(struct hook_call *call)
{
	call->skb = resolve_skb(call->cookie, hook_argument(call, NT_COOKIE_SKB_SHIFT));
}

/* Where the hook has one beside the skb, or instead of it. */
static __always_inline void fetch_socket(struct hook_call *call)
{
	call->sk = (const struct sock *)hook_argument(call, NT_COOKIE_SOCK_SHIFT);
}

/*
 * The cookie of a function that has a perf event of its own; 0: it is none of
 * ours. Kernels without cookies are older than those that put an ENDBR before
 * the probe (CONFIG_X86_KERNEL_IBT).
 */
static __always_inline __u64 cookie_of_kprobe(struct pt_regs *regs)
{
	__u64 address = PT_REGS_IP(regs) - KPROBE_IP_OFFSET;
	__u64 *cookie;

	if (kprobes_have_cookies())
		return bpf_get_attach_cookie(regs);
	cookie = bpf_map_lookup_elem(&hook_by_address, &address);
	return cookie ? *cookie : 0;
}

/*
 * For programs that know where the skb is: all else about the hook, once it is
 * wanted. With kprobe.multi the kernel searches all functions of the link for a
 * cookie, which takes longer than a packet filter; and so does a hash table,
 * where there are none.
 */
static __always_inline void learn_hook(struct hook_call *call)
{
	if (call->late == COOKIE_IS_THERE || call->cookie)
		return;
	if (call->late == COOKIE_OF_LINK)
		call->cookie = bpf_get_attach_cookie((void *)call->ctx);
	else
		call->cookie = cookie_of_kprobe((struct pt_regs *)call->ctx);
}

/* Some address on the kernel stack that the hook runs on. */
static __always_inline const void *hook_stack(const struct hook_call *call)
{
	return call->is_function ? (const void *)PT_REGS_SP((struct pt_regs *)call->ctx) : call->ctx;
}

#endif
