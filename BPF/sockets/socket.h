/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Speaks for a packet that has no headers yet: a made-up header from the addresses of its socket. */
#ifndef NETTRACE_SOCKET_H
#define NETTRACE_SOCKET_H

#define AF_INET 2
#define AF_INET6 10
#define AF_PACKET 17
#define IPPROTO_TCP 6
#define TCP_TIME_WAIT 6
#define TCP_NEW_SYN_RECV 12
#define TCP_MIN_OFFSET 0x50 /* a TCP header of five words: what tcp_hdr()->doff << 4 holds */

/* Request and time-wait sockets are TCP's and end before sk_protocol. */
static __always_inline __u8 socket_protocol(const struct sock *sk, __u8 state)
{
	if (state == TCP_TIME_WAIT || state == TCP_NEW_SYN_RECV)
		return IPPROTO_TCP;
	return BPF_CORE_READ(sk, sk_protocol);
}

/* IPv4 over an IPv6 socket: its packets are IPv4's. Uses the place of the address in the packet, for want of stack. */
static __always_inline bool is_mapped_socket(__u8 *address, const struct sock *sk)
{
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	bool is_mapped;

	bpf_core_read(address, 16, &sk->__sk_common.skc_v6_daddr);
	is_mapped = !__builtin_memcmp(address, mapped, sizeof(mapped));
	__builtin_memset(address, 0, 16);
	return is_mapped;
}

/*
 * The first byte of a header, written by a helper: where a constant is stored
 * in its place, Linux 5.10 removes as dead code what a filter for several
 * ports does with headers of this length.
 */
static const __u8 ipv4_first_byte = 0x45, ipv6_first_byte = 0x60;

/* Both directions look alike here: source is the local side, destination the remote one. */
static __always_inline bool headers_from_socket(struct nt_filter_ctx *packet, const struct sock *sk)
{
	__u8 *l3 = packet->data + NT_L2_LEN;
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);
	__u8 protocol = socket_protocol(sk, BPF_CORE_READ(sk, __sk_common.skc_state));
	__be16 ports[2];

	ports[0] = bpf_htons(BPF_CORE_READ(sk, __sk_common.skc_num));
	ports[1] = BPF_CORE_READ(sk, __sk_common.skc_dport);
	if (family == AF_INET6 && is_mapped_socket(l3 + 24, sk))
		family = AF_INET;
	if (family == AF_INET) {
		bpf_probe_read_kernel(l3, sizeof(ipv4_first_byte), &ipv4_first_byte);
		l3[9] = protocol;
		bpf_core_read(l3 + 12, 4, &sk->__sk_common.skc_rcv_saddr);
		bpf_core_read(l3 + 16, 4, &sk->__sk_common.skc_daddr);
		__builtin_memcpy(l3 + 20, ports, sizeof(ports));
		l3[32] = TCP_MIN_OFFSET;
		packet->protocol = ETH_P_IP;
		packet->caplen = 40;
	} else if (family == AF_INET6) {
		bpf_probe_read_kernel(l3, sizeof(ipv6_first_byte), &ipv6_first_byte);
		l3[6] = protocol;
		bpf_core_read(l3 + 8, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(l3 + 24, 16, &sk->__sk_common.skc_v6_daddr);
		__builtin_memcpy(l3 + 40, ports, sizeof(ports));
		l3[52] = TCP_MIN_OFFSET;
		packet->protocol = ETH_P_IPV6;
		packet->caplen = 60;
	} else {
		return false;
	}
	/* All there is lies in `data`: a load beyond it must find the end of the packet. */
	packet->l3_len = packet->caplen;
	packet->l3_linear = packet->caplen;
	packet->l3_address = 0;
	/* For the verifier, from here on, a packet like any other. */
	nt_blur(packet, packet, sizeof(*packet));
	return true;
}

#endif
