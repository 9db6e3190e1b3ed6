/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What stays of a packet whatever the stack does to it: address translation,
 * TTL, marks, GRO and checksums leave the signature as it is. Two packets that
 * follow each other hardly ever have the same.
 */
#ifndef NETTRACE_SIGNATURE_H
#define NETTRACE_SIGNATURE_H

#define IPPROTO_ICMP 1
#define IPPROTO_UDP 17
#define IPPROTO_ICMPV6 58
#define IP_OFFSET 0x1fff
#define UDP_LENGTH_WITH_DATA 20 /* header and three words */
#define TCP_HEADER_WITH_STAMP (8 << 4) /* eight words: five, and the option with its padding */

#define SIGNATURE_TCP 1ull
#define SIGNATURE_SET 2ull

static __always_inline bool signs_tcp(__u64 signature)
{
	return signature & SIGNATURE_TCP;
}

/* Where the network header is, or where it will be found: drivers hand packets over before anybody has set it. */
static __always_inline __u64 network_header(const struct sk_buff *w)
{
	return header_is_set(w->network_header) ? (__u64)w->head + w->network_header : (__u64)w->data;
}

/*
 * What a transport header says that nobody rewrites: sequence, acknowledgement,
 * window and time stamp; number of an echo; length, and the first of the data.
 * Reading past the end of a header or packet is harmless: what lies there stays.
 */
static __always_inline __u64 transport_signature(__u64 header, __u8 protocol)
{
	__u32 words[6]; /* bytes 4 to 27 */
	__u64 signature;

	if (bpf_probe_read_kernel(words, sizeof(words), (const void *)(header + 4)))
		return 0;
	switch (protocol) {
	case IPPROTO_TCP:
		signature = ((__u64)words[0] << 32 | words[1]) ^ (__u64)words[2] >> 16 << 13;
		/* Nearly always the time stamp: options are put in a fixed order, aligned. */
		if ((words[2] & 0xf0) >= TCP_HEADER_WITH_STAMP)
			signature ^= (__u64)words[5] << 24;
		return signature;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return bpf_ntohs(words[0] >> 16);
	case IPPROTO_UDP:
		signature = words[0] & 0xffff;
		if (bpf_ntohs(signature) >= UDP_LENGTH_WITH_DATA)
			signature |= ((__u64)words[1] << 32 | words[2] << 16) ^ (__u64)words[3] << 16;
		return signature;
	default:
		return 0;
	}
}

/*
 * Of the IPv4 or IPv6 packet at `header`; 0 where there is none. A function of
 * its own, for its stack.
 */
static __noinline __u64 packet_signature(__u64 header)
{
	__u8 ip[16];
	__u64 identity, transport = 0;
	__u8 protocol;

	if (!header || bpf_probe_read_kernel(ip, sizeof(ip), (const void *)header))
		return 0;
	switch (ip_ethertype(ip[0])) {
	case ETH_P_IP:
		protocol = ip[9];
		identity = ip[4] << 8 | ip[5];
		/* Only the first fragment has a transport header. */
		if ((ip[6] << 8 | ip[7]) & IP_OFFSET)
			transport = ip[6] << 8 | ip[7];
		else
			transport = transport_signature(header + (ip[0] & 0xf) * 4, protocol);
		break;
	case ETH_P_IPV6:
		protocol = ip[6];
		identity = (ip[1] & 0xf) << 16 | ip[2] << 8 | ip[3]; /* flow label */
		transport = transport_signature(header + 40, protocol);
		break;
	default:
		return 0;
	}
	/* A multiplier that mixes: 2^64 divided by the golden ratio. */
	transport ^= (identity << 8 | protocol) * 0x9e3779b97f4a7c15ull;
	return (transport & ~SIGNATURE_TCP) | SIGNATURE_SET | (protocol == IPPROTO_TCP ? SIGNATURE_TCP : 0);
}

#endif
