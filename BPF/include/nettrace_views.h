/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The views of a packet that a filter is run on: its headers without VLAN tags
 * and extension headers before them, then those of the packets inside. The
 * programs in the kernel and the replay of a recording compile the same text.
 *
 * Who includes this has defined two functions. nt_read(): bytes from `offset` on,
 * counted from the L3 header, into `to`; it may leave zeros beyond l3_linear, or
 * what lies there. nt_blur(): copies bytes, and the verifier forgets on which
 * path it has come to them: or it would walk all that follows once per path.
 */
#ifndef NETTRACE_VIEWS_H
#define NETTRACE_VIEWS_H

#include "nettrace_filter.h"

#define NT_ETH_P_IP 0x0800
#define NT_ETH_P_ARP 0x0806
#define NT_ETH_P_RARP 0x8035
#define NT_ETH_P_IPV6 0x86dd
#define NT_ETH_P_8021Q 0x8100
#define NT_ETH_P_8021AD 0x88a8
#define NT_ETH_P_QINQ1 0x9100
#define NT_ETH_P_TEB 0x6558
#define NT_ETH_P_ERSPAN2 0x88be
#define NT_ETH_P_ERSPAN3 0x22eb

#define NT_PROTO_HOPOPTS 0
#define NT_PROTO_ICMP 1
#define NT_PROTO_IPIP 4
#define NT_PROTO_TCP 6
#define NT_PROTO_UDP 17
#define NT_PROTO_IPV6 41
#define NT_PROTO_ROUTING 43
#define NT_PROTO_FRAGMENT 44
#define NT_PROTO_GRE 47
#define NT_PROTO_AH 51
#define NT_PROTO_ICMPV6 58
#define NT_PROTO_DSTOPTS 60
#define NT_PROTO_SCTP 132

#define NT_VLAN_LEN 4
#define NT_IPV4_LEN 20
#define NT_IPV6_LEN 40
#define NT_UDP_LEN 8
#define NT_ICMP_LEN 8
#define NT_MAX_TAGS 3       /* two in the packet, and one that was put back there */
#define NT_MAX_EXTENSIONS 4 /* headers between IPv6 and the ports that are stepped over */

#define NT_VIEW_INLINE static inline __attribute__((always_inline))

NT_VIEW_INLINE __u16 nt_u16(const __u8 *bytes)
{
	return bytes[0] << 8 | bytes[1];
}

NT_VIEW_INLINE bool nt_is_tag(__u16 ethertype)
{
	return ethertype == NT_ETH_P_8021Q || ethertype == NT_ETH_P_8021AD || ethertype == NT_ETH_P_QINQ1;
}

/* Where the L4 header is, in bytes from the L3 header, and whose it is. */
struct nt_l4 {
	__u32 offset;
	__u16 protocol;
	__u16 is_later_fragment;
};

NT_VIEW_INLINE bool nt_is_extension(__u8 protocol)
{
	const __u64 extensions = 1ull << NT_PROTO_HOPOPTS | 1ull << NT_PROTO_ROUTING | 1ull << NT_PROTO_FRAGMENT |
				 1ull << NT_PROTO_DSTOPTS | 1ull << NT_PROTO_AH;

	return !(protocol >> 6) && extensions >> (protocol & 63) & 1;
}

/* Steps over one extension header of IPv6. False where `at` stands on something else already. */
NT_VIEW_INLINE bool nt_step_extension(struct nt_l4 *at, const struct nt_filter_ctx *packet)
{
	__u8 header[4] = {};
	struct nt_l4 next;

	if (!nt_is_extension(at->protocol) || at->is_later_fragment ||
	    at->offset + sizeof(header) > packet->l3_linear)
		return false;
	nt_read(packet, at->offset, header, sizeof(header));
	next.offset = at->offset;
	next.protocol = header[0];
	next.is_later_fragment = at->protocol == NT_PROTO_FRAGMENT && nt_u16(header + 2) & 0xfff8;
	if (at->protocol == NT_PROTO_FRAGMENT)
		next.offset += 8;
	else if (at->protocol == NT_PROTO_AH)
		next.offset += (header[1] + 2) * 4;
	else
		next.offset += (header[1] + 1) * 8;
	nt_blur(at, &next, sizeof(next));
	return true;
}

/* False where the L3 header is none of IP, or not there in full. */
NT_VIEW_INLINE bool nt_find_l4(struct nt_l4 *at, const struct nt_filter_ctx *packet)
{
	const __u8 *l3 = packet->data + NT_L2_LEN;

	if (packet->protocol == NT_ETH_P_IP && packet->caplen >= NT_IPV4_LEN) {
		at->offset = (l3[0] & 0xf) * 4;
		at->protocol = l3[9];
		at->is_later_fragment = nt_u16(l3 + 6) & 0x1fff;
		return true;
	}
	if (packet->protocol == NT_ETH_P_IPV6 && packet->caplen >= NT_IPV6_LEN) {
		at->offset = NT_IPV6_LEN;
		at->protocol = l3[6];
		at->is_later_fragment = false;
		/* A header made up from a socket has no extensions, and no address to read them from. */
		if (packet->l3_address) {
#pragma unroll
			for (int i = 0; i < NT_MAX_EXTENSIONS; i++) {
				if (!nt_step_extension(at, packet))
					break;
			}
		}
		return true;
	}
	return false;
}

/* `bytes` before the L3 header are gone. */
NT_VIEW_INLINE void nt_forget_front(struct nt_filter_ctx *packet, __u32 bytes)
{
	packet->l3_address += bytes;
	packet->l3_linear -= bytes;
	packet->caplen = packet->l3_linear < NT_L3_SNAPLEN ? packet->l3_linear : NT_L3_SNAPLEN;
}

/* Where an L3 header is, counted from the one that the view has. */
struct nt_l3 {
	__u32 offset; /* 0: there is none */
	__u16 protocol;
	__u16 follows_ethernet;
};

/* Makes the view begin there. False where there is no header. */
NT_VIEW_INLINE bool nt_move(struct nt_filter_ctx *packet, const struct nt_l3 *to)
{
	struct nt_l3 l3;

	nt_blur(&l3, to, sizeof(l3));
	if (!l3.offset || l3.offset >= packet->l3_linear)
		return false;
	nt_forget_front(packet, l3.offset);
	packet->l3_len -= l3.offset;
	packet->protocol = l3.protocol;
	nt_read(packet, 0, packet->data + NT_L2_LEN, NT_L3_SNAPLEN);
	return true;
}

/* Past the VLAN tags that stand in the packet. */
NT_VIEW_INLINE bool nt_skip_tags(struct nt_filter_ctx *packet)
{
	const __u8 *l3 = packet->data + NT_L2_LEN;
	struct nt_l3 behind = { .protocol = packet->protocol };

	if (!packet->l3_address)
		return false;
#pragma unroll
	for (int i = 0; i < NT_MAX_TAGS; i++) {
		if (!nt_is_tag(behind.protocol) || packet->caplen < behind.offset + NT_VLAN_LEN)
			break;
		behind.protocol = nt_u16(l3 + i * NT_VLAN_LEN + 2);
		behind.offset = (i + 1) * NT_VLAN_LEN;
	}
	return nt_move(packet, &behind);
}

/*
 * TCP, UDP or SCTP behind extension headers (BIG TCP has one that says how long
 * it is, segment routing one with the path): as if it followed IPv6 at once.
 */
NT_VIEW_INLINE bool nt_skip_extensions(struct nt_filter_ctx *packet)
{
	__u8 *l3 = packet->data + NT_L2_LEN;
	struct nt_l4 at;

	if (packet->protocol != NT_ETH_P_IPV6 || !packet->l3_address || !nt_find_l4(&at, packet))
		return false;
	if (at.offset <= NT_IPV6_LEN || at.offset > packet->l3_linear || at.is_later_fragment)
		return false;
	if (at.protocol != NT_PROTO_TCP && at.protocol != NT_PROTO_UDP && at.protocol != NT_PROTO_SCTP)
		return false;
	nt_forget_front(packet, at.offset - NT_IPV6_LEN);
	l3[6] = at.protocol;
	nt_read(packet, NT_IPV6_LEN, l3 + NT_IPV6_LEN, NT_L3_SNAPLEN - NT_IPV6_LEN);
	return true;
}

/* Fills in the key by which one end of the packet is looked up. False where it has no such address. */
NT_VIEW_INLINE bool nt_address_key(struct nt_address_key *key, const struct nt_filter_ctx *packet, __u16 set,
				   bool is_destination)
{
	const __u8 *l3 = packet->data + NT_L2_LEN;

	key->set = set;
	key->family = 4;
	key->prefix = NT_ADDRESS_KEY_PREFIX + 32;
	__builtin_memset(key->address, 0, sizeof(key->address));
	switch (packet->protocol) {
	case NT_ETH_P_IP:
		__builtin_memcpy(key->address, l3 + (is_destination ? 16 : 12), 4);
		return packet->caplen >= (is_destination ? 20 : 16);
	case NT_ETH_P_ARP:
	case NT_ETH_P_RARP:
		__builtin_memcpy(key->address, l3 + (is_destination ? 24 : 14), 4);
		return packet->caplen >= (is_destination ? 28 : 18);
	case NT_ETH_P_IPV6:
		key->family = 6;
		key->prefix = NT_ADDRESS_KEY_PREFIX + 128;
		__builtin_memcpy(key->address, l3 + (is_destination ? 24 : 8), 16);
		return packet->caplen >= (is_destination ? 40 : 24);
	default:
		return false;
	}
}

/*
 * The ports of TCP, UDP and SCTP, as an expression with "port" finds them: how
 * many there are, 2, or less where the packet ends before.
 */
NT_VIEW_INLINE __u32 nt_find_ports(__u16 *source, __u16 *destination, const struct nt_filter_ctx *packet)
{
	const __u8 *l3 = packet->data + NT_L2_LEN;
	__u8 ports[4] = {}, protocol;
	__u32 offset;

	if (packet->protocol == NT_ETH_P_IP && packet->caplen >= 10) {
		protocol = l3[9];
		offset = (l3[0] & 0xf) * 4;
		if (nt_u16(l3 + 6) & 0x1fff)
			return 0;
	} else if (packet->protocol == NT_ETH_P_IPV6 && packet->caplen >= NT_IPV6_LEN) {
		protocol = l3[6];
		offset = NT_IPV6_LEN;
	} else {
		return 0;
	}
	if (protocol != NT_PROTO_TCP && protocol != NT_PROTO_UDP && protocol != NT_PROTO_SCTP)
		return 0;
	/* Where the header is made up from a socket, these are all there is. */
	if (offset == NT_IPV4_LEN)
		__builtin_memcpy(ports, l3 + NT_IPV4_LEN, sizeof(ports));
	else if (offset == NT_IPV6_LEN && packet->protocol == NT_ETH_P_IPV6)
		__builtin_memcpy(ports, l3 + NT_IPV6_LEN, sizeof(ports));
	else
		nt_read(packet, offset, ports, sizeof(ports));
	*source = nt_u16(ports);
	*destination = nt_u16(ports + 2);
	if (offset + 2 > packet->l3_linear)
		return 0;
	return offset + 4 > packet->l3_linear ? 1 : 2;
}

#endif
