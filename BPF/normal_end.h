/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Ends of packets that look like drops and are part of normal operation, by place and kind of packet: none of them is an event. */
#ifndef NETTRACE_NORMAL_END_H
#define NETTRACE_NORMAL_END_H

#define IPPROTO_ICMP 1
#define IPPROTO_IGMP 2
#define TCP_FLAGS 13 /* offset */
#define TCP_ACK 0x10
#define IPPROTO_ICMPV6 58
#define IPV6_HEADER 40
#define PORT_OF_DHCP_SERVERS 67
#define PORT_OF_DHCP_CLIENTS 68

static __always_inline __u8 byte_at(const __u8 *address)
{
	__u8 byte = 0;

	bpf_probe_read_kernel(&byte, sizeof(byte), address);
	return byte;
}

/* Multicast listener messages, router solicitations; neighbour messages to all, or from a machine without an address. */
static __always_inline __u32 kind_of_icmpv6(const __u8 *network, __u8 type)
{
	__u64 source[2] = {};

	switch (type) {
	case 129:
		return NT_PACKET_ECHO_REPLY;
	case 130 ... 133:
	case 143:
		return NT_PACKET_ANNOUNCEMENT;
	case 135:
		bpf_probe_read_kernel(source, sizeof(source), network + 8);
		return source[0] | source[1] ? 0 : NT_PACKET_ANNOUNCEMENT;
	case 136:
		return byte_at(network + 24) == 0xff ? NT_PACKET_ANNOUNCEMENT : 0;
	default:
		return 0;
	}
}

static __always_inline __u32 kind_of_udp(const __u8 *transport)
{
	__be16 ports[2] = {};

	bpf_probe_read_kernel(ports, sizeof(ports), transport);
	if (ports[0] == bpf_htons(PORT_OF_DHCP_SERVERS) && ports[1] == bpf_htons(PORT_OF_DHCP_CLIENTS))
		return NT_PACKET_DHCP;
	if (ports[0] == bpf_htons(PORT_OF_DHCP_CLIENTS) && ports[1] == bpf_htons(PORT_OF_DHCP_SERVERS))
		return NT_PACKET_DHCP;
	return 0;
}

static __always_inline __u16 word_at(const __u8 *address)
{
	__be16 word = 0;

	bpf_probe_read_kernel(&word, sizeof(word), address);
	return bpf_ntohs(word);
}

static __always_inline __u32 kind_of_tcp(const __u8 *transport, const __u8 *end)
{
	const __u8 *data = transport + (byte_at(transport + TCP_FLAGS - 1) >> 4) * 4;

	return data == end && byte_at(transport + TCP_FLAGS) == TCP_ACK ? NT_PACKET_EMPTY_ACK : 0;
}

static __always_inline __u32 kind_of_protocol(
	__u8 protocol, const __u8 *network, const __u8 *transport, const __u8 *end)
{
	switch (protocol) {
	case IPPROTO_ICMP:
		return byte_at(transport) == 0 ? NT_PACKET_ECHO_REPLY : 0;
	case IPPROTO_IGMP:
		return NT_PACKET_ANNOUNCEMENT;
	case IPPROTO_TCP:
		return kind_of_tcp(transport, end);
	case IPPROTO_UDP:
		return kind_of_udp(transport);
	case IPPROTO_ICMPV6:
		return kind_of_icmpv6(network, byte_at(transport));
	default:
		return 0;
	}
}

static __always_inline __u32 kind_by_headers(const struct sk_buff *skb)
{
	const __u8 *network = BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, network_header);
	const __u8 *transport = network, *end = network;
	__u8 first = byte_at(network), protocol;
	bool is_multicast;

	switch (first >> 4) {
	case 4:
		protocol = byte_at(network + 9);
		is_multicast = byte_at(network + 16) >> 4 == 0xe;
		transport += (first & 0xf) * 4;
		end += word_at(network + 2);
		break;
	case 6:
		protocol = byte_at(network + 6);
		is_multicast = byte_at(network + 24) == 0xff;
		transport += IPV6_HEADER;
		end = transport + word_at(network + 4);
		/* Multicast listener reports have hop-by-hop options. */
		if (protocol == 0) {
			protocol = byte_at(transport);
			transport += (byte_at(transport + 1) + 1) * 8;
		}
		break;
	default:
		return 0;
	}
	return (is_multicast ? NT_PACKET_MULTICAST : 0) | kind_of_protocol(protocol, network, transport, end);
}

/* 1 if it covers this place and reason, without a branch: what is found out by one multiplies the rest of the list. */
static __always_inline __u64 covers(const volatile struct nt_normal_end *end, __u64 location, __u32 reason)
{
	__u64 offset = location - end->start;
	__u64 is_inside = (~offset & (offset - end->size)) >> 63;
	__u64 differs = reason ^ end->reason, is_certain = NT_ANY_REASON ^ end->reason;

	/* Of a sum with the largest 32-bit number, bit 32 says that it is not zero. */
	return is_inside & ~((differs + 0xffffffff) & (is_certain + 0xffffffff)) >> 32;
}

/* The kinds of packets that end normally at this place, for this reason; 0: none. */
static __always_inline __u32 kinds_ending_here(const struct hook_call *call)
{
	__u64 location = blurred(hook_argument(call, NT_COOKIE_LOCATION_SHIFT));
	__u32 reason = blurred(hook_argument(call, NT_COOKIE_REASON_SHIFT));

	for (int i = 0; i < NT_NORMAL_ENDS; i++) {
		const volatile struct nt_normal_end *end = &drop_config.ends[i];

		if (!end->size)
			break;
		if (covers(end, location, reason))
			return blurred(end->kinds);
	}
	return 0;
}

/* After fetch_skb(). */
static __always_inline bool is_normal_end(const struct hook_call *call)
{
	__u32 kinds;

	if (!drop_config.ends[0].size || !call->skb)
		return false;
	kinds = kinds_ending_here(call);
	if (!kinds || kinds == NT_PACKET_ANY)
		return kinds;
	return kinds & (kind_by_address(call->skb) | kind_by_headers(call->skb));
}

#endif
