/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Types of the kernel around XDP, as in kernel.h. */
#ifndef NETTRACE_KERNEL_XDP_H
#define NETTRACE_KERNEL_XDP_H

#define BPF_OBJ_NAME_LEN 16
#define BPF_PROG_TYPE_XDP 6

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/net/xdp.h */
struct xdp_rxq_info {
	struct net_device *dev;
};
struct xdp_buff {
	void *data;
	void *data_end;
	void *data_hard_start;
	struct xdp_rxq_info *rxq;
	__u32 frame_sz;
};
/* include/linux/bpf.h, include/linux/filter.h */
struct bpf_prog_aux {
	__u32 id;
	char name[BPF_OBJ_NAME_LEN];
};
struct bpf_prog {
	__u8 tag[8];
	struct bpf_prog_aux *aux;
};
struct bpf_map {
	__u32 id;
};
/* 5.18+: a packet of several buffers. */
struct xdp_buff___flags {
	__u32 flags;
};
struct skb_shared_info___xdp {
	unsigned int xdp_frags_size;
};

/* include/linux/filter.h, include/linux/sched.h: 6.11+, before that a variable for each CPU. */
struct bpf_redirect_info {
	__u64 tgt_index;
	__u32 flags;
	__u32 map_id;
	__u32 kern_flags;
};
struct bpf_net_context {
	struct bpf_redirect_info ri;
};
struct task_struct___redirect {
	struct bpf_net_context *bpf_net_context;
};

#pragma clang attribute pop

#define XDP_FLAGS_HAS_FRAGS 1
#define SMP_CACHE_BYTES 64

/* xdp_data_hard_end(): where the description of the other buffers stands. */
static __always_inline __u32 xdp_frags_length(const struct xdp_buff *xdp)
{
	const struct xdp_buff___flags *flagged = (const void *)xdp;
	const struct skb_shared_info___xdp *shared;
	__u32 size = bpf_core_type_size(struct skb_shared_info);

	if (!bpf_core_field_exists(flagged->flags) || !(BPF_CORE_READ(flagged, flags) & XDP_FLAGS_HAS_FRAGS))
		return 0;
	size = (size + SMP_CACHE_BYTES - 1) & ~(SMP_CACHE_BYTES - 1);
	shared = BPF_CORE_READ(xdp, data_hard_start) + BPF_CORE_READ(xdp, frame_sz) - size;
	return BPF_CORE_READ(shared, xdp_frags_size);
}

/* The redirect that the program has just asked for; NULL if the kernel does not show it. */
static __always_inline const struct bpf_redirect_info *redirect_info(void)
{
	const struct task_struct___redirect *task = (const void *)bpf_get_current_task();
	const struct bpf_net_context *context;

	if (!bpf_core_field_exists(task->bpf_net_context))
		return NULL;
	context = BPF_CORE_READ(task, bpf_net_context);
	return context ? (const void *)&context->ri : NULL;
}

#endif
