/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Runs of tc programs: classifiers, actions, tcx and netkit. Their context is the skb, so each is an event of its packet. */
#ifndef NETTRACE_RUN_TC_H
#define NETTRACE_RUN_TC_H

#define TC_ACT_REDIRECT 7

static __always_inline void read_skb_buffer(struct run_buffer *buffer, const struct sk_buff *w)
{
	buffer->head = (__u64)w->head;
	buffer->data = (__u64)w->data;
	buffer->linear = buffer->head + w->tail - buffer->data;
	buffer->len = w->len;
}

/* As show() in trace.h, up to the record: that is kept until the program has ended. */
static __always_inline void enter_tc(struct hook_call *call)
{
	struct skb_window window;
	const struct sk_buff *w = read_window(&window, call->skb);
	__u64 ctx = tracking() ? known_packet(call, w) : 0, number;
	struct nt_filter_ctx packet = {};
	struct run_buffer buffer = {};
	struct place place = {};
	const struct sock *sk;
	bool moved = false;
	__u16 unshown = 0;

	if ((!ctx && !match_skb(call->skb, w)) || !locate_headers(&packet, w))
		return;
	if (restores_vlan_tag(w, call->skb))
		restore_vlan_tag(&packet, w);
	if (!(config.flags & NT_CONFIG_FOLLOW && ctx) && !match_packet(&packet, &moved)) {
		if (!ctx)
			return;
		unshown = NT_EVENT_HIDDEN;
	}
	if (moved && !locate_again(&packet, w, restores_vlan_tag(w, call->skb)))
		return;
	sk = needs_socket() ? subject_socket(call) : NULL;
	if (needs_place()) {
		find_place(&place, call->skb, sk);
		if (!ctx && !match_place(&place, w))
			return;
	}
	if (!ctx && !match_pid(call, sk))
		return;
	number = tracking() && !ctx ? new_packet() : ctx;
	read_skb_buffer(&buffer, w);
	open_run(call, w, &packet, &place, &buffer, number, blurred(packet_flags(&packet, w, call->skb) | unshown));
	if (number != ctx)
		begin_packet(call, w, number);
}

static __always_inline void read_tc_target(struct nt_run *section)
{
	const struct bpf_redirect_info *info = redirect_info();

	if (section->verdict != TC_ACT_REDIRECT || !info)
		return;
	section->target = BPF_CORE_READ(info, tgt_index);
	if (section->target)
		section->flags |= NT_RUN_TARGET;
}

/* Reads the mark and the VLAN tag, which the kernel keeps outside the packet's bytes. */
static __always_inline void read_beside(struct nt_run *section, const struct open_run *run, const struct hook_call *call,
					const struct sk_buff *w)
{
	section->mark = w->mark;
	if (w->mark != run->mark)
		section->flags |= NT_RUN_MARK;
	if (skb_has_vlan_tag(w, call->skb)) {
		section->flags |= NT_RUN_VLAN;
		section->vlan_proto = bpf_ntohs(w->vlan_proto);
		section->vlan_tci = w->vlan_tci;
	}
}

static __always_inline void leave_tc(const struct hook_call *call, __s32 result)
{
	struct run_key key = run_key(call);
	const struct open_run *run = bpf_map_lookup_elem(&open_runs, &key);
	struct run_buffer buffer = {};
	struct skb_window window;
	const struct sk_buff *w;
	struct nt_event *event;
	struct nt_run *section;

	if (!run)
		return;
	w = read_window(&window, call->skb);
	read_skb_buffer(&buffer, w);
	section = close_run(run, call, &buffer, &event);
	if (section) {
		section->verdict = result;
		read_beside(section, run, call, w);
		read_tc_target(section);
		submit(event);
	}
	bpf_map_delete_elem(&open_runs, &key);
}

#endif
