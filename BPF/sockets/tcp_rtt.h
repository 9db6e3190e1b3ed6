/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counts round-trip times by row: --rtt. */
#ifndef NETTRACE_TCP_RTT_H
#define NETTRACE_TCP_RTT_H

/* Shared by the CPUs, unlike the rows of drops: one holds a histogram. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct nt_rtt_key);
	__type(value, struct nt_rtt_row);
} rtt_rows SEC(".maps");

const struct nt_rtt_row no_samples = {};

static __always_inline __u32 rtt_part(__u32 rtt)
{
	__u32 rest = rtt >> (NT_RTT_PART_BITS + 1), exponent = 0;

	/* The number of bits in `rest`, which has NT_RTT_MAX_BITS - 5 at most. */
#pragma unroll
	for (int step = 16; step; step >>= 1) {
		if (rest >> step) {
			rest >>= step;
			exponent += step;
		}
	}
	exponent += rest;
	return (exponent << NT_RTT_PART_BITS) + (rtt >> exponent);
}

/* Where nobody saw the handshake: servers have the lower port, as a rule. */
static __always_inline __be16 service_port(const struct nt_tcp_connection *connection)
{
	if (connection->flags & NT_TCP_OUTGOING)
		return connection->remote_port;
	if (connection->flags & NT_TCP_INCOMING)
		return connection->local_port;
	return bpf_ntohs(connection->remote_port) < bpf_ntohs(connection->local_port) ? connection->remote_port
										     : connection->local_port;
}

static __always_inline void fill_rtt_key(struct nt_rtt_key *key, const struct nt_tcp_connection *connection)
{
	key->epoch = table_epoch;
	if (tcp_config.dimensions & NT_RTT_BY_RADDR)
		__builtin_memcpy(key->remote, connection->remote, sizeof(key->remote));
	if (tcp_config.dimensions & NT_RTT_BY_LADDR)
		__builtin_memcpy(key->local, connection->local, sizeof(key->local));
	if (tcp_config.dimensions & (NT_RTT_BY_RADDR | NT_RTT_BY_LADDR))
		key->protocol = connection->protocol;
	if (tcp_config.dimensions & NT_RTT_BY_RPORT)
		key->remote_port = connection->remote_port;
	if (tcp_config.dimensions & NT_RTT_BY_LPORT)
		key->local_port = connection->local_port;
	if (tcp_config.dimensions & NT_RTT_BY_SERVICE)
		key->service = service_port(connection);
	if (tcp_config.dimensions & NT_RTT_BY_NETNS)
		key->netns = connection->netns;
}

static __always_inline void add_rtt(const struct nt_tcp_connection *connection, __u32 rtt)
{
	struct nt_rtt_key key = {};
	struct nt_rtt_row *row;
	__u32 part = rtt_part(rtt);

	fill_rtt_key(&key, connection);
	row = bpf_map_lookup_elem(&rtt_rows, &key);
	if (!row) {
		/* Another CPU may be first: then its row is ours. */
		bpf_map_update_elem(&rtt_rows, &key, &no_samples, BPF_NOEXIST);
		row = bpf_map_lookup_elem(&rtt_rows, &key);
	}
	if (!row || part >= NT_RTT_PARTS) {
		count_tcp(NT_TCP_UNROWED);
		return;
	}
	if (rtt < row->min || !row->samples)
		row->min = rtt;
	if (rtt > row->max)
		row->max = rtt;
	__atomic_fetch_add(&row->samples, 1, __ATOMIC_RELAXED);
	__atomic_fetch_add(&row->sum, rtt, __ATOMIC_RELAXED);
	__atomic_fetch_add(&row->parts[part], 1, __ATOMIC_RELAXED);
}

/*
 * The kernel offers the smoothed time only. It has moved where something was
 * acknowledged since we last looked (tcp_ack_update_rtt, net/ipv4/tcp_input.c).
 */
static __always_inline void sample_rtt(struct nt_tcp_connection *connection, const struct sock *sk, bool is_last)
{
	const struct tcp_sock___statistics *tp = (const void *)sk;
	__u32 delivered = BPF_CORE_READ(tp, delivered);
	__u32 rtt = BPF_CORE_READ(tp, srtt_us) >> 3;

	if (!rtt)
		return;
	if (tcp_config.samples == NT_RTT_LAST && !is_last)
		return;
	if (tcp_config.samples == NT_RTT_FIRST &&
	    (connection->flags & (NT_TCP_SAMPLED | NT_TCP_HANDSHAKE)) != NT_TCP_HANDSHAKE)
		return;
	if (connection->flags & NT_TCP_SAMPLED && connection->delivered == delivered)
		return;
	connection->flags |= NT_TCP_SAMPLED;
	connection->delivered = delivered;
	if (rtt >= tcp_config.min_rtt)
		add_rtt(connection, rtt);
}

#endif
