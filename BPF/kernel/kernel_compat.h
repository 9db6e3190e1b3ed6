/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* One accessor per thing that changed its place between kernels; ___ marks a flavour of a kernel type. */
#ifndef NETTRACE_KERNEL_COMPAT_H
#define NETTRACE_KERNEL_COMPAT_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* Before 6.2 a bit says whether vlan_tci counts; since then vlan_proto != 0 does (354259fa73e2). */
struct sk_buff___vlan_bit {
	__u8 vlan_present : 1;
};

/* One bit of a byte whose neighbours change. */
struct sk_buff___cloned_bit {
	__u8 cloned : 1;
};

/* Before 5.15 (8520e224f547) one word: a cgroup, or the net_cls and net_prio numbers of version 1 marked by low bits. */
struct sock_cgroup_data___word {
	__u64 val;
};

/* Before 6.1 ids, since then pointers (7f203bc89eb6): those of the cgroups that it is in from the root on, and its own. */
struct cgroup___ids {
	__u64 ancestor_ids[1];
};
struct cgroup___pointers {
	struct cgroup *ancestors[1];
};

#pragma clang attribute pop

/* include/uapi/linux/bpf.h: the helpers that this kernel has. */
enum bpf_func_id___known {
	BPF_FUNC_get_attach_cookie___known = 174,
	BPF_FUNC_task_pt_regs___known = 175,
};

/* 5.15+: kprobes and their returns carry a cookie. */
static __always_inline bool kprobes_have_cookies(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id___known, BPF_FUNC_get_attach_cookie___known);
}

#define CGROUP_DATA_V1 3 /* is_data and no_refcnt of the old layout */

/* The cgroup of a full socket; NULL where the kernel has lost it to version 1. */
static __always_inline const struct cgroup *socket_cgroup(const struct sock *sk)
{
	const struct sock_cgroup_data *data = &sk->sk_cgrp_data;
	const struct sock_cgroup_data___word *old = (const void *)data;
	__u64 word;

	if (!bpf_core_field_exists(old->val))
		return BPF_CORE_READ(data, cgroup);
	word = BPF_CORE_READ(old, val);
	return word & CGROUP_DATA_V1 ? NULL : (const void *)word;
}

/* The id of the cgroup at `level`, at most its own, that it is in. */
static __always_inline __u64 cgroup_ancestor(const struct cgroup *cgroup, __u32 level)
{
	const struct cgroup___ids *ids = (const void *)cgroup;
	const struct cgroup___pointers *pointers = (const void *)cgroup;
	const struct cgroup *ancestor = NULL;
	__u64 id = 0;

	if (bpf_core_field_exists(ids->ancestor_ids)) {
		bpf_probe_read_kernel(&id, sizeof(id), (const void *)&ids->ancestor_ids[0] + level * sizeof(id));
		return id;
	}
	bpf_probe_read_kernel(&ancestor, sizeof(ancestor), (const void *)&pointers->ancestors[0] + level * sizeof(ancestor));
	return BPF_CORE_READ(ancestor, kn, id);
}

static __always_inline bool skb_is_cloned(const struct sk_buff *skb)
{
	const struct sk_buff___cloned_bit *bits = (const void *)skb;

	return BPF_CORE_READ_BITFIELD_PROBED(bits, cloned);
}

/* skb_header_cloned() and skb_clone(), net/core/skbuff.c: the lower half counts the skbs that share the buffer. */
static __always_inline bool skb_shares_buffer(const struct sk_buff *skb)
{
	const struct skb_shared_info *shared;

	if (!skb_is_cloned(skb))
		return false;
	shared = (const void *)(BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, end));
	return (BPF_CORE_READ(shared, dataref.counter) & 0xffff) > 1;
}

static __always_inline bool skb_has_vlan_tag(const struct sk_buff *window, const struct sk_buff *skb)
{
	const struct sk_buff___vlan_bit *old = (const void *)skb;

	if (bpf_core_field_exists(old->vlan_present))
		return BPF_CORE_READ_BITFIELD_PROBED(old, vlan_present);
	return window->vlan_proto != 0;
}

/*
 * True where `current` is the bystander that was interrupted, not the one who
 * handles the packet. `stack` is any address on the kernel stack in use.
 */
#if defined(__TARGET_ARCH_x86)
#define THREAD_SIZE (16 << 10) /* arch/x86/include/asm/page_64_types.h */

/* What the process whose kernel stack begins there had in its registers when it last left its own code. */
static __always_inline const struct pt_regs *user_registers(const void *stack)
{
	/* 5.15+. With FRED there is something above them. */
	if (bpf_core_enum_value_exists(enum bpf_func_id___known, BPF_FUNC_task_pt_regs___known))
		return (const void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	return stack + THREAD_SIZE - sizeof(struct pt_regs);
}

/*
 * The preempt counter itself is out of reach where kallsyms lists no variables
 * (CONFIG_KALLSYMS_ALL=n), but an interrupt has its place
 * (arch/x86/include/asm/irq_stack.h). One that stops kernel code runs on a
 * stack of its own, as do the softirqs behind it. One that stops the process'
 * own code stays on its stack, since 5.13 with its softirqs: there is no system
 * call then. Neither is there when a signal ends a process in its own code.
 */
static __always_inline bool in_interrupt(const void *stack)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	const void *own = BPF_CORE_READ(task, stack);

	if (stack < own || stack >= own + THREAD_SIZE)
		return true;
	return (long)BPF_CORE_READ(user_registers(own), orig_ax) == -1 &&
	       !(BPF_CORE_READ(task, flags) & PF_EXITING);
}
#elif defined(__TARGET_ARCH_arm64)
/* include/linux/preempt.h: serving a softirq, in a hard interrupt, in an NMI. */
#define NT_SERVING_SOFTIRQ 0x00000100u
#define NT_IN_HARDIRQ 0x000f0000u
#define NT_IN_NMI 0x00f00000u

static __always_inline bool in_interrupt(const void *stack)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	__u32 count = BPF_CORE_READ(task, thread_info.preempt_count);

	return count & (NT_SERVING_SOFTIRQ | NT_IN_HARDIRQ | NT_IN_NMI);
}
#endif

#endif
