/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Programs for functions whose first argument is the skb, which most are: an
 * unwanted packet is rejected before anything is asked about the hook. Not where
 * packets are tracked, since that depends on the hook; and not one for each
 * position, since each link of kprobe.multi takes its time to attach.
 */
#ifndef NETTRACE_PLACED_PROGRAMS_H
#define NETTRACE_PLACED_PROGRAMS_H

static __always_inline int trace_placed(struct pt_regs *regs, enum late_cookie late)
{
	struct hook_call call = { .ctx = regs, .is_function = true, .late = late };

	if (!gate_open)
		return 0;
	call.cookie = blurred(0);
	call.skb = (const struct sk_buff *)PT_REGS_PARM1(regs);
	trace(&call);
	return 0;
}

SEC("kprobe.multi")
int nt_kprobe_multi_first(struct pt_regs *regs)
{
	return trace_placed(regs, COOKIE_OF_LINK);
}

SEC("kprobe")
int nt_kprobe_first(struct pt_regs *regs)
{
	return trace_placed(regs, COOKIE_OF_KPROBE);
}

#endif
