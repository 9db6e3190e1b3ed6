/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Finds the headers of an skb, wherever the stack has got to with it, and copies their first bytes. */
#ifndef NETTRACE_PACKET_H
#define NETTRACE_PACKET_H

#define VLAN_HLEN 4
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86DD
#define HEADER_UNSET 0xffff /* (typeof(skb->mac_header))~0U, skb_mac_header_was_set() */

/* Bytes from sk_buff.len to the end of sk_buff.data: 96 or 104 on kernels from 5.10 to 7.2. */
#define SKB_WINDOW 104

struct skb_window {
	__u8 bytes[SKB_WINDOW] __attribute__((aligned(8)));
};

/*
 * One probe read instead of one per field; without an skb, zeros. The pointer
 * that comes back lies outside of the window: only fields from len to data may
 * be read through it.
 */
static __always_inline const struct sk_buff *read_window(struct skb_window *window, const struct sk_buff *skb)
{
	__s64 first = bpf_core_field_offset(struct sk_buff, len), back = 0;

	/* Near address 0 nothing can be read, and the helper fills the window with zeros. */
	bpf_probe_read_kernel(window->bytes, SKB_WINDOW, (const __u8 *)skb + first);
	/*
	 * In assembler, since the compiler sees no difference where the verifier
	 * does: it lets us add a known negative number to a stack pointer, but
	 * not subtract a positive one, and does not follow a negation.
	 */
	asm volatile("%[back] -= %[first]" : [back] "+r"(back) : [first] "r"(first));
	return (const struct sk_buff *)(window->bytes + back);
}

static __always_inline bool header_is_set(__u16 header)
{
	return header != 0 && header != HEADER_UNSET;
}

/* IP starts with its version: it distinguishes a header from a stale offset, and names it where skb->protocol is not set yet. */
static __always_inline __u16 ip_ethertype(__u8 first_byte)
{
	switch (first_byte >> 4) {
	case 4:
		return ETH_P_IP;
	case 6:
		return ETH_P_IPV6;
	default:
		return 0;
	}
}

/*
 * Fills `packet` from the skb's own bytes. False where the stack has not built
 * (or has not found) the headers yet.
 *
 * The bytes are read in one piece of constant length: what follows the linear
 * data is the skb_shared_info, always mapped; `caplen` says how much is packet.
 */
static __always_inline bool locate_headers(struct nt_filter_ctx *packet, const struct sk_buff *w)
{
	__u16 mac = w->mac_header, network = w->network_header;
	const __u8 *head = w->head;
	__u32 data = w->data - head;
	__u32 tail = w->tail;
	bool has_mac = mac != HEADER_UNSET;
	__u16 protocol;
	__u8 version;
	__u32 gap;

	/* Receive paths know the MAC header first; before ip_rcv the network header may be unset. */
	if (!header_is_set(network)) {
		if (!has_mac)
			return false;
		network = data;
	}
	if (tail <= network)
		return false;

	gap = network - mac;
	if (has_mac && network > mac && (gap == NT_L2_LEN || gap == NT_L2_LEN + VLAN_HLEN || gap == NT_L2_LEN + 2 * VLAN_HLEN)) {
		/* The frame speaks for itself: tags in the packet stay in the packet. */
		network = mac + NT_L2_LEN;
		if (bpf_probe_read_kernel(packet->data, NT_SNAPLEN, head + mac))
			return false;
		protocol = packet->data[12] << 8 | packet->data[13];
		packet->has_l2 = 1;
		/* The stack's view wins where the frame is stale or has no type (loopback, tunnels). */
		if (gap == NT_L2_LEN && w->protocol)
			protocol = bpf_ntohs(w->protocol);
	} else {
		if (bpf_probe_read_kernel(packet->data + NT_L2_LEN, NT_L3_SNAPLEN, head + network))
			return false;
		protocol = bpf_ntohs(w->protocol);
		if (!protocol)
			protocol = ip_ethertype(packet->data[NT_L2_LEN]);
	}
	protocol = blurred(protocol);
	packet->protocol = protocol;
	version = packet->data[NT_L2_LEN] >> 4;
	if ((protocol == ETH_P_IP && version != 4) || (protocol == ETH_P_IPV6 && version != 6))
		return false;

	packet->l3_address = (__u64)(head + network);
	packet->l3_len = w->len + data - network;
	packet->data_offset = data - network;
	packet->l3_linear = tail - network;
	packet->caplen = blurred(packet->l3_linear < NT_L3_SNAPLEN ? packet->l3_linear : NT_L3_SNAPLEN);
	return protocol != 0;
}

/* For filters that ask for VLAN tags: puts a tag that the kernel keeps beside the packet where it was on the wire. */
static __always_inline void restore_vlan_tag(struct nt_filter_ctx *packet, const struct sk_buff *w)
{
	__u8 *tag = packet->data + NT_L2_LEN;

	bpf_probe_read_kernel(tag + VLAN_HLEN, NT_L3_SNAPLEN - VLAN_HLEN, (const void *)packet->l3_address);
	tag[0] = w->vlan_tci >> 8;
	tag[1] = w->vlan_tci;
	tag[2] = packet->protocol >> 8;
	tag[3] = packet->protocol;
	packet->protocol = bpf_ntohs(w->vlan_proto);
	packet->l3_address -= VLAN_HLEN;
	packet->l3_len += VLAN_HLEN;
	packet->l3_linear += VLAN_HLEN;
	packet->data_offset += VLAN_HLEN;
	packet->caplen += VLAN_HLEN;
	if (packet->caplen > NT_L3_SNAPLEN)
		packet->caplen = NT_L3_SNAPLEN;
}

#endif
