/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * kprobe.multi for functions whose first argument is the skb, which most are:
 * an unwanted packet is rejected before anything is asked about the hook. Not
 * where packets are tracked, since that depends on the hook; and not one for
 * each position, since each link takes its time to attach.
 */
#ifndef NETTRACE_PLACED_PROGRAMS_H
#define NETTRACE_PLACED_PROGRAMS_H

SEC("kprobe.multi")
int nt_kprobe_multi_first(struct pt_regs *regs)
{
	struct hook_call call = { .ctx = regs, .is_function = true, .is_late = true };

	if (!gate_open)
		return 0;
	call.skb = (const struct sk_buff *)PT_REGS_PARM1(regs);
	/* Some functions may be called without one, and then it is the socket that counts. */
	if (!call.skb)
		learn_hook(&call);
	trace(&call);
	return 0;
}

#endif
