/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Addresses and ports of a socket event, as a made-up header whose source is
 * always the local side. (headers_from_socket() does this for packets; a socket
 * that is about to close, or that serves IPv4 as IPv6, needs a closer look.)
 */
#ifndef NETTRACE_SOCK_TUPLE_H
#define NETTRACE_SOCK_TUPLE_H

/* ::ffff:0:0/96, as the third word of an address */
#define IPV4_MAPPED bpf_htonl(0xffff)

static __always_inline void finish_tuple(struct nt_filter_ctx *packet, __u16 ethertype, __u8 protocol,
					 const __be16 *ports)
{
	__u8 *l3 = packet->data + NT_L2_LEN;

	if (ethertype == ETH_P_IP) {
		l3[0] = 0x45;
		l3[9] = protocol;
		__builtin_memcpy(l3 + IPV4_MIN_HLEN, ports, 2 * sizeof(*ports));
		l3[IPV4_MIN_HLEN + 12] = TCP_MIN_OFFSET;
		packet->caplen = IPV4_MIN_HLEN + 20;
	} else {
		l3[0] = 0x60;
		l3[6] = protocol;
		__builtin_memcpy(l3 + IPV6_HLEN, ports, 2 * sizeof(*ports));
		l3[IPV6_HLEN + 12] = TCP_MIN_OFFSET;
		packet->caplen = IPV6_HLEN + 20;
	}
	packet->protocol = ethertype;
	packet->l3_len = packet->caplen;
	packet->l3_linear = packet->caplen;
}

static __always_inline bool is_full_socket(__u8 state)
{
	return state != TCP_TIME_WAIT && state != TCP_NEW_SYN_RECV;
}

/* tcp_set_state() gives the port back before the change to CLOSE is seen; inet_sport still has it. */
static __always_inline __be16 local_port(const struct sock *sk, __u8 state)
{
	__u16 port = BPF_CORE_READ(sk, __sk_common.skc_num);

	if (!port && is_full_socket(state))
		return BPF_CORE_READ((const struct inet_sock *)sk, inet_sport);
	return bpf_htons(port);
}

static __always_inline bool tuple_of_socket(struct nt_filter_ctx *packet, const struct sock *sk)
{
	__u8 *l3 = packet->data + NT_L2_LEN;
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	__u8 state = BPF_CORE_READ(sk, __sk_common.skc_state);
	__be16 ports[2];
	__be32 words[4];

	if (family == AF_INET6) {
		bpf_core_read(words, sizeof(words), &sk->__sk_common.skc_v6_daddr);
		/* A connection in IPv4 has its addresses in both forms. */
		if (!words[0] && !words[1] && words[2] == IPV4_MAPPED) {
			family = AF_INET;
		} else {
			__builtin_memcpy(l3 + 24, words, sizeof(words));
			bpf_core_read(l3 + 8, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		}
	}
	if (family == AF_INET) {
		words[0] = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
		words[1] = BPF_CORE_READ(sk, __sk_common.skc_daddr);
		__builtin_memcpy(l3 + 12, words, 2 * sizeof(words[0]));
	} else if (family != AF_INET6) {
		return false;
	}
	ports[0] = local_port(sk, state);
	ports[1] = BPF_CORE_READ(sk, __sk_common.skc_dport);
	finish_tuple(packet, family == AF_INET ? ETH_P_IP : ETH_P_IPV6, socket_protocol(sk, state), ports);
	return true;
}

/* Of a packet that has come in as far as TCP or UDP: what it has as destination is the local side. */
static __always_inline bool tuple_of_received(struct nt_filter_ctx *packet, const struct sk_buff *skb)
{
	__u8 *l3 = packet->data + NT_L2_LEN;
	const unsigned char *head = BPF_CORE_READ(skb, head);
	const unsigned char *network = head + BPF_CORE_READ(skb, network_header);
	const unsigned char *transport = head + BPF_CORE_READ(skb, transport_header);
	__u8 version = 0, protocol = 0;
	__be16 ports[2] = {};

	bpf_probe_read_kernel(&version, sizeof(version), network);
	bpf_probe_read_kernel(&ports[0], sizeof(ports[0]), transport + 2);
	bpf_probe_read_kernel(&ports[1], sizeof(ports[1]), transport);
	switch (ip_ethertype(version)) {
	case ETH_P_IP:
		bpf_probe_read_kernel(&protocol, sizeof(protocol), network + 9);
		bpf_probe_read_kernel(l3 + 12, 4, network + 16);
		bpf_probe_read_kernel(l3 + 16, 4, network + 12);
		finish_tuple(packet, ETH_P_IP, protocol, ports);
		return true;
	case ETH_P_IPV6:
		bpf_probe_read_kernel(&protocol, sizeof(protocol), network + 6);
		bpf_probe_read_kernel(l3 + 8, 16, network + 24);
		bpf_probe_read_kernel(l3 + 24, 16, network + 8);
		finish_tuple(packet, ETH_P_IPV6, protocol, ports);
		return true;
	default:
		return false;
	}
}

/*
 * Of a connection request, it is the request that knows the peer; of what
 * arrives at a listener or an unconnected socket, the packet.
 */
static __always_inline bool tuple_of_event(struct nt_filter_ctx *packet, const struct hook_call *call,
					   const struct sock *request)
{
	const struct sock *sk = request ? request : call->sk;

	if (call->skb && !(sk && BPF_CORE_READ(sk, __sk_common.skc_dport)) && tuple_of_received(packet, call->skb))
		return true;
	return sk && tuple_of_socket(packet, sk);
}

#endif
