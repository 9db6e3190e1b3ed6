/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Runs of XDP programs: there is no skb yet, or (in generic mode) none that the program's context leads to. */
#ifndef NETTRACE_RUN_XDP_H
#define NETTRACE_RUN_XDP_H

#define XDP_REDIRECT 4
#define REDIRECT_BY_INDEX 0x7fffffff /* bpf_xdp_redirect(): no map has this id */
#define BPF_F_BROADCAST (1u << 3)
#define BPF_RI_F_RI_INIT (1u << 1)

static __always_inline const struct xdp_buff *xdp_context(const struct hook_call *call)
{
	return *(const struct xdp_buff **)call->ctx;
}

static __always_inline void read_xdp_buffer(struct run_buffer *buffer, const struct xdp_buff *xdp)
{
	buffer->head = (__u64)BPF_CORE_READ(xdp, data_hard_start);
	buffer->data = (__u64)BPF_CORE_READ(xdp, data);
	buffer->linear = (__u64)BPF_CORE_READ(xdp, data_end) - buffer->data;
	buffer->len = buffer->linear + xdp_frags_length(xdp);
}

/* A frame has a length, but no mark. */
static __always_inline bool match_frame(const struct run_buffer *buffer)
{
	if (config.flags & NT_CONFIG_FILTER_MARK)
		return false;
	return !(config.flags & NT_CONFIG_FILTER_LEN) || is_length_wanted(buffer->len);
}

static __always_inline void enter_xdp(struct hook_call *call)
{
	const struct xdp_buff *xdp = xdp_context(call);
	const struct net_device *dev;
	struct nt_filter_ctx packet = {};
	struct run_buffer buffer = {};
	struct skb_window window;
	struct place place = {};
	const struct sk_buff *w;
	bool moved = false;

	read_xdp_buffer(&buffer, xdp);
	if (!match_frame(&buffer) || !read_frame(&packet, &buffer) || !match_packet(&packet, &moved))
		return;
	if (moved && !read_frame(&packet, &buffer))
		return;
	w = read_window(&window, NULL);
	if (needs_place()) {
		dev = BPF_CORE_READ(xdp, rxq, dev);
		if (dev)
			read_device(&place, dev);
		if (!match_place(&place, w))
			return;
	}
	if (!match_pid(call, NULL))
		return;
	open_run(call, w, &packet, &place, &buffer, 0, 0);
}

static __always_inline void read_xdp_target(struct nt_run *section)
{
	const struct bpf_redirect_info *info = redirect_info();
	__u32 map;

	if (section->verdict != XDP_REDIRECT || !info || !(BPF_CORE_READ(info, kern_flags) & BPF_RI_F_RI_INIT))
		return;
	map = BPF_CORE_READ(info, map_id);
	if (!map)
		return;
	if (map != REDIRECT_BY_INDEX) {
		section->map = map;
		if (BPF_CORE_READ(info, flags) & BPF_F_BROADCAST)
			return;
	}
	section->target = BPF_CORE_READ(info, tgt_index);
	section->flags |= NT_RUN_TARGET;
}

static __always_inline void leave_xdp(const struct hook_call *call, __s32 result)
{
	struct run_key key = run_key(call);
	const struct open_run *run = bpf_map_lookup_elem(&open_runs, &key);
	struct run_buffer buffer = {};
	struct nt_event *event;
	struct nt_run *section;

	if (!run)
		return;
	read_xdp_buffer(&buffer, xdp_context(call));
	section = close_run(run, call, &buffer, &event);
	if (section) {
		section->verdict = result;
		read_xdp_target(section);
		submit(event);
	}
	bpf_map_delete_elem(&open_runs, &key);
}

#endif
