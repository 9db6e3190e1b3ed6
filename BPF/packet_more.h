/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Packets inside of packets: their headers may end where the bytes of an ordinary record have ended. */
#ifndef NETTRACE_PACKET_MORE_H
#define NETTRACE_PACKET_MORE_H

static __always_inline bool is_tunnel_port(const __u8 *port)
{
	__u16 number = nt_u16(port);

	return number == NT_PORT_VXLAN || number == NT_PORT_VXLAN_LINUX || number == NT_PORT_GENEVE ||
	       number == NT_PORT_GTP;
}

static __always_inline bool is_carrier(__u8 protocol, const __u8 *destination_port)
{
	if (protocol == NT_PROTO_UDP)
		return is_tunnel_port(destination_port);
	return protocol == NT_PROTO_GRE || protocol == NT_PROTO_IPIP || protocol == NT_PROTO_IPV6;
}

/* Where returns are recorded, all records of entries are of one size: they are kept until then. */
static __always_inline bool can_hold_more(void)
{
	return config.sections & NT_SECTION_PACKET && !(config.flags & NT_CONFIG_RETURNS);
}

/* Whether the record should hold more of the packet. What has an ordinary header costs one comparison. */
static __always_inline bool wants_more(const struct nt_filter_ctx *packet)
{
	const __u8 *l3 = packet->data + NT_L2_LEN;
	__u32 wanted, found;

	if (!can_hold_more() || packet->l3_linear <= NT_L3_SNAPLEN)
		return false;
	if (packet->protocol == NT_ETH_P_IP)
		found = is_carrier(l3[9], l3 + NT_IPV4_LEN + 2);
	else if (packet->protocol == NT_ETH_P_IPV6)
		found = is_carrier(l3[6], l3 + NT_IPV6_LEN + 2) || nt_is_extension(l3[6]);
	else
		found = nt_is_tag(packet->protocol);
	nt_blur(&wanted, &found, sizeof(wanted));
	return wanted;
}

static __always_inline void *emit_more(void *at, const struct nt_filter_ctx *packet)
{
	struct nt_packet *head = (struct nt_packet *)at - 1;
	struct nt_packet_more *section = at;

	bpf_probe_read_kernel(section->data, sizeof(section->data), (const void *)(packet->l3_address + NT_L3_SNAPLEN));
	head->caplen = NT_L3_SNAPLEN + NT_MORE_LEN;
	if (packet->l3_linear < NT_L3_SNAPLEN + NT_MORE_LEN)
		head->caplen = packet->l3_linear;
	return section + 1;
}

#endif
