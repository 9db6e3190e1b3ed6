/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What a connection's socket has counted itself: --tcp-summary. */
#ifndef NETTRACE_TCP_SUMMARY_H
#define NETTRACE_TCP_SUMMARY_H

#define read_into(field, tp, source) bpf_core_read(&connection->field, sizeof(connection->field), &(tp)->source)

static __noinline void read_statistics(struct nt_tcp_connection *connection, const struct sock *sk)
{
	const struct tcp_sock___statistics *tp = (const void *)sk;

	read_into(bytes_sent, tp, bytes_sent);
	read_into(bytes_acked, tp, bytes_acked);
	read_into(bytes_received, tp, bytes_received);
	read_into(bytes_retrans, tp, bytes_retrans);
	read_into(segs_out, tp, segs_out);
	read_into(segs_in, tp, segs_in);
	read_into(data_segs_out, tp, data_segs_out);
	read_into(data_segs_in, tp, data_segs_in);
	read_into(retransmits, tp, total_retrans);
	read_into(lost, tp, lost);
	read_into(min_rtt, tp, rtt_min.s[0].v);
	read_into(cwnd, tp, snd_cwnd);
	read_into(ssthresh, tp, snd_ssthresh);
	read_into(send_window, tp, snd_wnd);
	read_into(receive_window, tp, rcv_wnd);
	read_into(mss, tp, mss_cache);
	connection->srtt = BPF_CORE_READ(tp, srtt_us) >> 3;
	connection->rttvar = BPF_CORE_READ(tp, mdev_us) >> 2;
	if (connection->min_rtt == ~0u)
		connection->min_rtt = 0;
}

/* A window that has become zero is seen with the segment after the one that said so. */
static __always_inline void watch_windows(struct nt_tcp_connection *connection, const struct sock *sk)
{
	const struct tcp_sock___statistics *tp = (const void *)sk;
	__u16 flags = connection->flags & ~(NT_TCP_SEND_STOPPED | NT_TCP_RECEIVE_STOPPED);

	if (!BPF_CORE_READ(tp, snd_wnd)) {
		flags |= NT_TCP_SEND_STOPPED;
		if (!(connection->flags & NT_TCP_SEND_STOPPED))
			connection->send_stops++;
	}
	if (!BPF_CORE_READ(tp, rcv_wnd)) {
		flags |= NT_TCP_RECEIVE_STOPPED;
		if (!(connection->flags & NT_TCP_RECEIVE_STOPPED))
			connection->receive_stops++;
	}
	connection->flags = flags;
}

static __always_inline void send_connection(struct nt_tcp_connection *connection)
{
	if (bpf_ringbuf_output(&events, connection, sizeof(*connection), BPF_RB_NO_WAKEUP))
		count_tcp(NT_TCP_UNDELIVERED);
}

#endif
