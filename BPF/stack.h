/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Who called: the return address, or the whole call stack. */
#ifndef NETTRACE_STACK_H
#define NETTRACE_STACK_H

/* At a function's entry the return address is on top of the stack (x86) or in the link register (arm64). */
static __always_inline __u64 return_address(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	__u64 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), (const void *)PT_REGS_SP(regs));
	return address;
#elif defined(__TARGET_ARCH_arm64)
	return regs->regs[30];
#endif
}

static __always_inline void emit_stack(struct nt_stack *section, const void *ctx)
{
	long bytes = bpf_get_stack((void *)ctx, section->frames, sizeof(section->frames), 0);

	section->count = bytes > 0 ? bytes / sizeof(section->frames[0]) : 0;
	section->reserved = 0;
}

#endif
