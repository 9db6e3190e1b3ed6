/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Templates: libbpf cannot load programs for fentry and fexit of a program that
 * it does not know. User space takes the instructions, with everything in them
 * that libbpf has resolved, writes a cookie into a copy for each program that is
 * traced, and loads it as BPF_PROG_TYPE_TRACING. Both types are handed an array
 * of arguments.
 */
#ifndef NETTRACE_RUN_TEMPLATES_H
#define NETTRACE_RUN_TEMPLATES_H

#define TEMPLATE_COOKIE(cookie) \
	asm volatile("%[value] = " NT_STRINGIFY(NT_COOKIE_MARKER) " ll" : [value] "=r"(cookie))

SEC("raw_tp")
int nt_xdp_enter_template(void *ctx)
{
	struct hook_call call = { .ctx = ctx, .is_function = false };

	TEMPLATE_COOKIE(call.cookie);
	if (gate_open)
		enter_xdp(&call);
	return 0;
}

SEC("raw_tp")
int nt_tc_enter_template(void *ctx)
{
	struct hook_call call = { .ctx = ctx, .is_function = false };

	TEMPLATE_COOKIE(call.cookie);
	if (!gate_open)
		return 0;
	call.skb = *(const struct sk_buff **)ctx;
	enter_tc(&call);
	return 0;
}

/* Under another name of the same kind: these have no packet filter for user space to replace. */
SEC("raw_tracepoint")
int nt_xdp_leave_template(void *ctx)
{
	struct hook_call call = { .ctx = ctx, .is_function = false };

	TEMPLATE_COOKIE(call.cookie);
	leave_xdp(&call, run_result(&call));
	return 0;
}

SEC("raw_tracepoint")
int nt_tc_leave_template(void *ctx)
{
	struct hook_call call = { .ctx = ctx, .is_function = false };

	TEMPLATE_COOKIE(call.cookie);
	call.skb = *(const struct sk_buff **)ctx;
	leave_tc(&call, run_result(&call));
	return 0;
}

#endif
