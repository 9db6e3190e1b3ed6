/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The programs that follow TCP connections; only --rtt and --tcp-summary load them. */
#ifndef NETTRACE_TCP_PROGRAMS_H
#define NETTRACE_TCP_PROGRAMS_H

static __always_inline void end_connection(struct nt_tcp_connection *connection, const struct sock *sk)
{
	const struct sock___error *failed = (const void *)sk;

	connection->ended = bpf_ktime_get_ns();
	connection->error = BPF_CORE_READ(failed, sk_err);
	if (tcp_config.mode == NT_TCP_RTT)
		sample_rtt(connection, sk, true);
	else
		read_statistics(connection, sk);
}

/* tcp:tcp_probe before each segment that arrives; tcp_retransmit_skb, where none do; tcp_rcv_space_adjust, for --pid. */
SEC("raw_tp")
int nt_tcp_segment(__u64 *args)
{
	const struct sock *sk = (const void *)args[0];
	struct nt_tcp_connection *connection;

	if (!gate_open)
		return 0;
	connection = find_connection(sk, true);
	if (!connection)
		return 0;
	connection->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (tcp_config.mode == NT_TCP_RTT)
		sample_rtt(connection, sk, false);
	else
		watch_windows(connection, sk);
	return 0;
}

/* A socket that connects, for the first time or once more: it has no addresses yet. */
static __always_inline void begin_connection(const struct sock *sk)
{
	__u64 key = (__u64)sk;
	struct nt_tcp_connection *connection = bpf_map_lookup_elem(&tcp_connections, &key);

	if (connection && tcp_config.mode == NT_TCP_SUMMARY && connection->ended && is_process_wanted(connection))
		send_connection(connection);
	bpf_map_delete_elem(&tcp_unwanted, &key);
	connection = add_connection(key);
	if (!connection)
		return;
	connection->flags = NT_TCP_HANDSHAKE | NT_TCP_OUTGOING;
	connection->state = TCP_STATE_SYN_SENT;
	note_process(connection, sk);
}

/* sock:inet_sock_set_state */
SEC("raw_tp")
int nt_tcp_state(__u64 *args)
{
	const struct sock *sk = (const void *)args[0];
	int before = args[1], now = args[2];
	struct nt_tcp_connection *connection;

	if (!gate_open || BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	if (now == TCP_STATE_SYN_SENT) {
		begin_connection(sk);
		return 0;
	}
	/* Of listeners; and of sockets just made for a connection request, which have no addresses yet. */
	if (now == TCP_STATE_LISTEN || before == TCP_STATE_LISTEN || now == TCP_STATE_SYN_RECV)
		return 0;
	connection = find_connection(sk, now != TCP_STATE_CLOSE);
	if (!connection)
		return 0;
	if (before == TCP_STATE_SYN_RECV && !(connection->flags & NT_TCP_OUTGOING))
		connection->flags |= NT_TCP_HANDSHAKE | NT_TCP_INCOMING;
	connection->state = now;
	if (now != TCP_STATE_CLOSE) {
		if (tcp_config.mode == NT_TCP_RTT)
			sample_rtt(connection, sk, false);
		return 0;
	}
	connection->last_state = before;
	end_connection(connection, sk);
	return 0;
}

/*
 * tcp:tcp_destroy_sock, some time after the end: only now the process is known
 * that a peer's reset took the connection from.
 *
 * Not "raw_tp": user space looks for the packet filter in these.
 */
SEC("raw_tracepoint")
int nt_tcp_destroy(__u64 *args)
{
	__u64 key = args[0];
	const struct sock *sk = (const void *)args[0];
	struct nt_tcp_connection *connection;

	if (!gate_open)
		return 0;
	bpf_map_delete_elem(&tcp_unwanted, &key);
	connection = bpf_map_lookup_elem(&tcp_connections, &key);
	if (!connection)
		return 0;
	note_process(connection, sk);
	if (tcp_config.mode == NT_TCP_SUMMARY && connection->ended && is_process_wanted(connection))
		send_connection(connection);
	bpf_map_delete_elem(&tcp_connections, &key);
	return 0;
}

/* tcp:tcp_send_reset, after the state has changed, which distinguishes closing from aborting. */
SEC("raw_tracepoint")
int nt_tcp_reset(__u64 *args)
{
	__u64 key = args[0];
	struct nt_tcp_connection *connection;

	if (!gate_open)
		return 0;
	connection = bpf_map_lookup_elem(&tcp_connections, &key);
	if (connection)
		connection->flags |= NT_TCP_RESET_SENT;
	return 0;
}

/* Run by user space for a connection that goes on: the socket's own numbers as they are now. */
SEC("raw_tracepoint")
int nt_tcp_refresh(__u64 *args)
{
	__u64 key = args[0];
	const struct sock *sk = (const void *)args[0];
	struct nt_tcp_connection *connection = bpf_map_lookup_elem(&tcp_connections, &key);

	if (!connection || !(connection->flags & NT_TCP_JUDGED) || connection->ended || !is_process_wanted(connection))
		return 0;
	if (tcp_config.mode == NT_TCP_RTT) {
		sample_rtt(connection, sk, true);
	} else {
		read_statistics(connection, sk);
		/* Accepted by now, perhaps. */
		read_inode(&connection->inode, sk);
	}
	return 0;
}

#endif
