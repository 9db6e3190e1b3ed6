/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Addresses, ports and protocol of a packet, for a row of the table of drops. */
#ifndef NETTRACE_FLOW_H
#define NETTRACE_FLOW_H

#define IPPROTO_HOPOPTS 0
#define IPPROTO_UDP 17
#define IPPROTO_DCCP 33
#define IPPROTO_ROUTING 43
#define IPPROTO_FRAGMENT 44
#define IPPROTO_AH 51
#define IPPROTO_DSTOPTS 60
#define IPPROTO_SCTP 132
#define IPPROTO_UDPLITE 136

#define IPV4_MIN_HLEN 20
#define IPV6_HLEN 40
#define IPV4_FRAGMENT_OFFSET 0x1fff /* include/net/ip.h, IP_OFFSET */
#define IPV6_FRAGMENT_OFFSET 0xfff8 /* include/net/ipv6.h, IP6_OFFSET */
#define IPV6_EXTENSIONS 4           /* headers between IPv6 and the ports that are stepped over */

/* Where the L4 header is, in bytes from the L3 header, and whose it is. */
struct transport {
	__u32 offset;
	__u8 protocol;
	bool has_ports; /* not in fragments but the first */
};

static __always_inline bool has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP ||
	       protocol == IPPROTO_DCCP || protocol == IPPROTO_UDPLITE;
}

/* Steps over one extension header. False where `at` stands on something else already. */
static __always_inline bool skip_extension(struct transport *at, const struct nt_filter_ctx *packet)
{
	__u8 header[4] = {};
	__u8 protocol = at->protocol;

	if (protocol != IPPROTO_HOPOPTS && protocol != IPPROTO_ROUTING && protocol != IPPROTO_FRAGMENT &&
	    protocol != IPPROTO_DSTOPTS && protocol != IPPROTO_AH)
		return false;
	if (at->offset + sizeof(header) > packet->l3_linear)
		return false;
	bpf_probe_read_kernel(header, sizeof(header), (const void *)(packet->l3_address + at->offset));
	at->protocol = header[0];
	if (protocol == IPPROTO_FRAGMENT) {
		at->has_ports = !((header[2] << 8 | header[3]) & IPV6_FRAGMENT_OFFSET);
		at->offset += 8;
	} else if (protocol == IPPROTO_AH) {
		at->offset += (header[1] + 2) * 4;
	} else {
		at->offset += (header[1] + 1) * 8;
	}
	return true;
}

static __always_inline void find_transport(struct transport *at, const struct nt_filter_ctx *packet)
{
	const __u8 *l3 = packet->data + NT_L2_LEN;

	at->has_ports = true;
	if (packet->protocol == ETH_P_IP) {
		at->offset = (l3[0] & 0xf) * 4;
		at->protocol = l3[9];
		at->has_ports = !((l3[6] << 8 | l3[7]) & IPV4_FRAGMENT_OFFSET);
	} else {
		at->offset = IPV6_HLEN;
		at->protocol = l3[6];
		/* A header made up from a socket has no extensions, and no address to read them from. */
		if (packet->l3_address) {
#pragma unroll
			for (int i = 0; i < IPV6_EXTENSIONS; i++) {
				if (!skip_extension(at, packet))
					break;
			}
		}
	}
	at->has_ports = at->has_ports && has_ports(at->protocol);
}

static __always_inline void read_ports(struct nt_drop_key *key, const struct transport *at,
				       const struct nt_filter_ctx *packet)
{
	const __u8 *l3 = packet->data + NT_L2_LEN;
	__be16 ports[2] = {};

	if (!at->has_ports)
		return;
	if (!packet->l3_address)
		__builtin_memcpy(ports, packet->protocol == ETH_P_IP ? l3 + IPV4_MIN_HLEN : l3 + IPV6_HLEN, sizeof(ports));
	else if (at->offset + sizeof(ports) <= packet->l3_linear)
		bpf_probe_read_kernel(ports, sizeof(ports), (const void *)(packet->l3_address + at->offset));
	if (drop_config.dimensions & NT_DROP_BY_SPORT)
		key->sport = ports[0];
	if (drop_config.dimensions & NT_DROP_BY_DPORT)
		key->dport = ports[1];
}

static __always_inline void read_addresses(struct nt_drop_key *key, const struct nt_filter_ctx *packet)
{
	const __u8 *l3 = packet->data + NT_L2_LEN;

	if (packet->protocol == ETH_P_IP) {
		if (drop_config.dimensions & NT_DROP_BY_SADDR)
			__builtin_memcpy(key->saddr, l3 + 12, 4);
		if (drop_config.dimensions & NT_DROP_BY_DADDR)
			__builtin_memcpy(key->daddr, l3 + 16, 4);
	} else {
		if (drop_config.dimensions & NT_DROP_BY_SADDR)
			__builtin_memcpy(key->saddr, l3 + 8, NT_ADDRESS_LEN);
		if (drop_config.dimensions & NT_DROP_BY_DADDR)
			__builtin_memcpy(key->daddr, l3 + 24, NT_ADDRESS_LEN);
	}
}

#define NT_DROP_BY_ADDRESS (NT_DROP_BY_SADDR | NT_DROP_BY_DADDR)
#define NT_DROP_BY_TRANSPORT (NT_DROP_BY_SPORT | NT_DROP_BY_DPORT | NT_DROP_BY_PROTO)

static __always_inline void read_flow(struct nt_drop_key *key, const struct nt_filter_ctx *packet)
{
	bool is_ip = packet->protocol == ETH_P_IP || packet->protocol == ETH_P_IPV6;
	struct transport at = {};

	if (drop_config.dimensions & NT_DROP_BY_PROTO || (is_ip && drop_config.dimensions & NT_DROP_BY_ADDRESS))
		key->protocol = packet->protocol;
	if (!is_ip)
		return;
	read_addresses(key, packet);
	if (drop_config.dimensions & NT_DROP_BY_TRANSPORT) {
		find_transport(&at, packet);
		if (drop_config.dimensions & NT_DROP_BY_PROTO)
			key->l4 = at.protocol;
		read_ports(key, &at, packet);
	}
}

#endif
