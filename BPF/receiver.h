/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The receivers of a packet, as the kernel sees them. */
#ifndef NETTRACE_RECEIVER_H
#define NETTRACE_RECEIVER_H

#define PACKET_BROADCAST 1 /* include/uapi/linux/if_packet.h */
#define PACKET_MULTICAST 2
#define PACKET_OTHERHOST 3
#define PACKET_LOOPBACK 5

static __always_inline bool is_for_group(__u64 kind)
{
	return kind == PACKET_BROADCAST || kind == PACKET_MULTICAST || kind == PACKET_LOOPBACK;
}

static __always_inline __u32 kind_by_address(const struct sk_buff *skb)
{
	__u64 kind = BPF_CORE_READ_BITFIELD_PROBED(skb, pkt_type);

	if (is_for_group(kind))
		return NT_PACKET_GROUP;
	return kind == PACKET_OTHERHOST ? NT_PACKET_OTHER_HOST : 0;
}

/*
 * Adds NT_EVENT_GROUP or NT_EVENT_OTHER_HOST to the record of a drop: user space sees no MAC address of a packet that was
 * looped back. The field is read into the record: there is no room left on the stack.
 */
static __always_inline void add_receiver(struct nt_event *event, const struct sk_buff *skb)
{
	const void *field = (const void *)skb + __CORE_RELO(skb, pkt_type, BYTE_OFFSET);
	__u64 kind;

	event->location = 0;
	bpf_probe_read_kernel(&event->location, __CORE_RELO(skb, pkt_type, BYTE_SIZE), field);
	kind = event->location << __CORE_RELO(skb, pkt_type, LSHIFT_U64) >> __CORE_RELO(skb, pkt_type, RSHIFT_U64);
	if (is_for_group(kind))
		event->flags |= NT_EVENT_GROUP;
	else if (kind == PACKET_OTHERHOST)
		event->flags |= NT_EVENT_OTHER_HOST;
}

#endif
