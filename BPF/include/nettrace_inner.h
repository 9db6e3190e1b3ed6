/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The packet inside of a packet: in a tunnel, or quoted by an ICMP error. See nettrace_views.h. */
#ifndef NETTRACE_INNER_H
#define NETTRACE_INNER_H

#include "nettrace_views.h"

/* Which packets inside are looked at. */
#define NT_INSIDE_TUNNELS (1u << 0)
#define NT_INSIDE_ERRORS (1u << 1)
/* Packets inside of each other that are looked at, at most, beside the outermost. */
#define NT_MAX_INNER 3

#define NT_PORT_GTP 2152
#define NT_PORT_VXLAN 4789
#define NT_PORT_GENEVE 6081
#define NT_PORT_VXLAN_LINUX 8472 /* the port of a device without a configured one */

#define NT_MAX_GTP_EXTENSIONS 2

/*
 * What follows a header of a tunnel: the ethertype is NT_ETH_P_TEB for a frame,
 * and 0 where there is no packet that is looked at.
 */
struct nt_content {
	__u32 offset;
	__u32 ethertype;
};

#define NT_ANY_IP 1 /* the packet's first byte shows the ethertype */

/* Version 0 (RFC 2784, RFC 2890), with ERSPAN behind it (include/net/erspan.h). */
NT_VIEW_INLINE void nt_enter_gre(struct nt_content *in, const struct nt_filter_ctx *packet, __u32 offset)
{
	__u8 header[4] = {}, options = 0;
	__u32 has_sequence;

	nt_read(packet, offset, header, sizeof(header));
	if (header[0] & 0x40 || header[1] & 7)
		return;
	has_sequence = header[0] >> 4 & 1;
	in->offset = offset + 4 + 4 * ((header[0] >> 7 & 1) + (header[0] >> 5 & 1) + has_sequence);
	in->ethertype = nt_u16(header + 2);
	if (in->ethertype == NT_ETH_P_ERSPAN2) {
		/* Type I has neither a sequence number nor a header. */
		in->offset += has_sequence * 8;
		in->ethertype = NT_ETH_P_TEB;
	} else if (in->ethertype == NT_ETH_P_ERSPAN3) {
		nt_read(packet, in->offset + 11, &options, sizeof(options));
		in->offset += 12 + (options & 1) * 8;
		in->ethertype = NT_ETH_P_TEB;
	}
}

/* G-PDU of version 1 (3GPP TS 29.281). */
NT_VIEW_INLINE void nt_enter_gtp(struct nt_content *in, const struct nt_filter_ctx *packet, __u32 offset,
				 const __u8 *header)
{
	struct {
		__u32 offset;
		__u8 length, next;
		__u16 reserved;
	} at = {};

	if (header[0] >> 4 != 3 || header[1] != 255)
		return;
	at.offset = offset + 8;
	if (header[0] & 7)
		at.offset += 4;
	if (header[0] & 4)
		nt_read(packet, at.offset - 1, &at.next, sizeof(at.next));
#pragma unroll
	for (int i = 0; i < NT_MAX_GTP_EXTENSIONS; i++) {
		if (!at.next)
			break;
		nt_read(packet, at.offset, &at.length, sizeof(at.length));
		if (!at.length)
			return;
		at.offset += at.length * 4;
		nt_read(packet, at.offset - 1, &at.next, sizeof(at.next));
	}
	if (at.next)
		return;
	in->offset = at.offset;
	in->ethertype = NT_ANY_IP;
}

NT_VIEW_INLINE void nt_enter_udp(struct nt_content *in, const struct nt_filter_ctx *packet, __u32 offset)
{
	__u8 header[NT_UDP_LEN + 4] = {};
	const __u8 *tunnel = header + NT_UDP_LEN;
	__u16 port;

	nt_read(packet, offset, header, sizeof(header));
	port = nt_u16(header + 2);
	offset += NT_UDP_LEN;
	if (port == NT_PORT_GTP) {
		nt_enter_gtp(in, packet, offset, tunnel);
	} else if (port == NT_PORT_VXLAN || port == NT_PORT_VXLAN_LINUX) {
		in->offset = offset + 8;
		/* Without the I flag something else uses the port. */
		in->ethertype = tunnel[0] & 0x08 ? NT_ETH_P_TEB : 0;
	} else if (port == NT_PORT_GENEVE) {
		in->offset = offset + 8 + (tunnel[0] & 0x3f) * 4;
		in->ethertype = tunnel[0] >> 6 ? 0 : nt_u16(tunnel + 2);
	}
}

NT_VIEW_INLINE bool nt_quotes(__u8 protocol, __u8 type)
{
	if (protocol == NT_PROTO_ICMPV6)
		return type >= 1 && type <= 4;
	/* Unreachable, source quench, redirect, time exceeded, parameter problem. */
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

NT_VIEW_INLINE void nt_find_content(struct nt_content *in, const struct nt_filter_ctx *packet, __u32 inside)
{
	struct nt_l4 at = {};
	__u8 type = 0;

	if (!packet->l3_address || !nt_find_l4(&at, packet) || at.is_later_fragment)
		return;
	if (at.protocol == NT_PROTO_ICMP || at.protocol == NT_PROTO_ICMPV6) {
		nt_read(packet, at.offset, &type, sizeof(type));
		in->offset = at.offset + NT_ICMP_LEN;
		in->ethertype = inside & NT_INSIDE_ERRORS && nt_quotes(at.protocol, type) ? NT_ANY_IP : 0;
	} else if (!(inside & NT_INSIDE_TUNNELS)) {
		return;
	} else if (at.protocol == NT_PROTO_IPIP || at.protocol == NT_PROTO_IPV6) {
		in->offset = at.offset;
		in->ethertype = NT_ANY_IP;
	} else if (at.protocol == NT_PROTO_GRE) {
		nt_enter_gre(in, packet, at.offset);
	} else if (at.protocol == NT_PROTO_UDP) {
		nt_enter_udp(in, packet, at.offset);
	}
}

/* An Ethernet frame at `offset`. */
NT_VIEW_INLINE void nt_find_frame(struct nt_l3 *l3, struct nt_filter_ctx *packet, __u32 offset)
{
	if (offset + NT_L2_LEN >= packet->l3_linear)
		return;
	nt_read(packet, offset, packet->data, NT_L2_LEN);
	l3->follows_ethernet = 1;
	l3->protocol = nt_u16(packet->data + 12);
	l3->offset = offset + NT_L2_LEN;
}

NT_VIEW_INLINE void nt_find_ip(struct nt_l3 *l3, const struct nt_filter_ctx *packet, __u32 offset)
{
	__u8 first = 0;

	nt_read(packet, offset, &first, sizeof(first));
	l3->protocol = first >> 4 == 4 ? NT_ETH_P_IP : NT_ETH_P_IPV6;
	l3->offset = first >> 4 == 4 || first >> 4 == 6 ? offset : 0;
}

/* Moves to the packet inside. False, and anything in `packet`, where there is none that is looked at. */
NT_VIEW_INLINE bool nt_enter(struct nt_filter_ctx *packet, __u32 inside)
{
	struct nt_content found = {}, in;
	struct nt_l3 l3 = {};

	nt_find_content(&found, packet, inside);
	nt_blur(&in, &found, sizeof(in));
	if (in.offset >= packet->l3_linear)
		return false;
	if (in.ethertype == NT_ETH_P_TEB)
		nt_find_frame(&l3, packet, in.offset);
	else if (in.ethertype == NT_ANY_IP || in.ethertype == NT_ETH_P_IP || in.ethertype == NT_ETH_P_IPV6)
		nt_find_ip(&l3, packet, in.offset);
	if (!nt_move(packet, &l3))
		return false;
	packet->has_l2 = l3.follows_ethernet;
	return true;
}

#endif
