/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* From a hook that reports a socket to its record: the same filters, in the same order, as for packets. */
#ifndef NETTRACE_SOCK_EVENT_H
#define NETTRACE_SOCK_EVENT_H

#define SOCK_SECTIONS \
	(NT_SECTION_PACKET | NT_SECTION_DEVICE | NT_SECTION_TASK | NT_SECTION_SOCK | NT_SECTION_SOCK_EVENT)

struct sock_record {
	struct nt_event head;
	struct nt_packet packet;
	struct nt_device device;
	struct nt_task task;
	struct nt_sock sock;
	struct nt_sock_event event;
	struct nt_stack stack; /* only with NT_HOOK_STACK */
};

static __always_inline void emit_sock_event(const struct hook_call *call, const struct nt_filter_ctx *packet,
					    const struct place *place, const struct nt_sock_event *event)
{
	__u32 hook = cookie_hook(call->cookie);
	bool has_stack = wants_stack(call->cookie);
	struct sock_record *record;

	/* The size of a record has to be a constant: two calls rather than one with a variable. */
	if (has_stack) {
		record = (void *)reserve(hook, event->kind, sizeof(*record), 1);
		if (!record)
			return;
	} else {
		record = (void *)reserve(hook, event->kind, offsetof(struct sock_record, stack), 1);
		if (!record)
			return;
	}
	__builtin_memset(&record->head, 0, sizeof(record->head));
	record->head.ts = bpf_ktime_get_ns();
	record->head.skb = (__u64)call->skb;
	record->head.hook = hook;
	record->head.flags = NT_EVENT_SOCK_TUPLE | (in_interrupt(hook_stack(call)) ? NT_EVENT_INTERRUPT : 0);
	record->head.sections = SOCK_SECTIONS | (has_stack ? NT_SECTION_STACK : 0);
	record->head.cpu = bpf_get_smp_processor_id();
	record->head.protocol = packet->protocol;
	emit_packet(&record->packet, packet);
	emit_device(&record->device, place);
	emit_task(&record->task);
	emit_socket(&record->sock, call);
	record->event = *event;
	/* Some kernels report the change before they make it. */
	if (event->kind == NT_SOCK_STATE)
		record->sock.state = event->new_state;
	if (has_stack)
		emit_stack(&record->stack, call->ctx);
	submit(&record->head);
}

/*
 * Read, and not assigned: what the verifier of older kernels knows to be zero
 * keeps it from seeing that two ways have come to the same, and there are many
 * here. (Without this, 5.10 thinks for seconds.)
 */
static const volatile __u8 zeros[sizeof(struct nt_filter_ctx)] = {};

static __always_inline void trace_sock_event(struct hook_call *call)
{
	const struct sock *request;
	struct nt_filter_ctx packet;
	struct nt_sock_event event;
	struct place place;

	bpf_probe_read_kernel(&event, sizeof(event), (const void *)zeros);
	event.kind = cookie_kind(call->cookie);
	request = (const struct sock *)hook_argument(call, NT_COOKIE_REQUEST_SHIFT);
	call->skb = (const struct sk_buff *)hook_argument(call, NT_COOKIE_SKB_SHIFT);
	fetch_socket(call);
	if (!tell_kind(&event, call, request))
		return;
	bpf_probe_read_kernel(&packet, sizeof(packet), (const void *)zeros);
	bpf_probe_read_kernel(&place, sizeof(place), (const void *)zeros);
	if (!tuple_of_event(&packet, call, request) || !match_headers(&packet))
		return;
	/* What stands in skb->dev is a device only as long as the skb is in no queue of a socket. */
	find_place(&place, call->sk ? NULL : call->skb, call->sk);
	if (config.flags & NT_CONFIG_FILTER_NETNS && !is_wanted(NT_LIST_NETNS, place.netns))
		return;
	if (!match_pid(call, call->sk))
		return;
	emit_sock_event(call, &packet, &place, &event);
}

#endif
