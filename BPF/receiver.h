/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The receivers of a packet, as the kernel sees them. */
#ifndef NETTRACE_RECEIVER_H
#define NETTRACE_RECEIVER_H

#define PACKET_BROADCAST 1 /* include/uapi/linux/if_packet.h */
#define PACKET_MULTICAST 2
#define PACKET_OTHERHOST 3
#define PACKET_LOOPBACK 5

static __always_inline __u32 kind_by_address(const struct sk_buff *skb)
{
	switch (BPF_CORE_READ_BITFIELD_PROBED(skb, pkt_type)) {
	case PACKET_BROADCAST:
	case PACKET_MULTICAST:
	case PACKET_LOOPBACK:
		return NT_PACKET_GROUP;
	case PACKET_OTHERHOST:
		return NT_PACKET_OTHER_HOST;
	default:
		return 0;
	}
}

/* NT_EVENT_GROUP or NT_EVENT_OTHER_HOST, for drops: user space sees no MAC address of a packet that was looped back. */
static __always_inline __u16 receiver_flags(const struct sk_buff *skb)
{
	switch (kind_by_address(skb)) {
	case NT_PACKET_GROUP:
		return NT_EVENT_GROUP;
	case NT_PACKET_OTHER_HOST:
		return NT_EVENT_OTHER_HOST;
	default:
		return 0;
	}
}

#endif
