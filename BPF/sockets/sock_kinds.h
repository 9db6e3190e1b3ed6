/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The data of each kind of socket event, and when a hook reports none. */
#ifndef NETTRACE_SOCK_KINDS_H
#define NETTRACE_SOCK_KINDS_H

#define TCP_CLOSE_WAIT 8
#define TCP_LISTEN 10
#define TCP_CA_LOSS 4 /* include/uapi/linux/tcp.h, enum tcp_ca_state */
#define TCP_FLAGS_OFFSET 13
#define TCP_FLAG_BITS 0x17 /* FIN, SYN, RST, ACK */
#define TCP_FLAG_ACK 0x10

static __always_inline __u32 cookie_kind(__u64 cookie)
{
	return cookie >> NT_COOKIE_KIND_SHIFT & 0xff;
}

static __always_inline bool is_reported_change(const struct nt_sock_event *event)
{
	/* tcp_time_wait() reports FIN_WAIT2 twice. */
	if (event->old_state == event->new_state)
		return false;
	return limits.changes[event->old_state & (NT_TCP_STATES - 1)] >> (event->new_state & (NT_TCP_STATES - 1)) & 1;
}

/* What tcp_close() will find in the receive queue. The peer's FIN takes a place in the sequence but is no data. */
static __always_inline __u32 unread_bytes(const struct sock *sk, __u8 state)
{
	const struct tcp_sock *tcp = (const void *)sk;
	__u32 unread = BPF_CORE_READ(tcp, rcv_nxt) - BPF_CORE_READ(tcp, copied_seq);

	/* ESTABLISHED, FIN_WAIT1, FIN_WAIT2 and CLOSE_WAIT: in the others nothing more is to come, or has been read. */
	if (!(1u << state & (1u << 1 | 1u << 4 | 1u << 5 | 1u << TCP_CLOSE_WAIT)))
		return 0;
	return state == TCP_CLOSE_WAIT && unread ? unread - 1 : unread;
}

/* The third packet of a handshake, and no other; net/ipv4/tcp_minisocks.c, tcp_check_req(). */
static __always_inline bool is_handshake_ack(const struct sk_buff *skb)
{
	const unsigned char *transport = BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, transport_header);
	__u8 tcp_flags = 0;

	bpf_probe_read_kernel(&tcp_flags, sizeof(tcp_flags), transport + TCP_FLAGS_OFFSET);
	return (tcp_flags & TCP_FLAG_BITS) == TCP_FLAG_ACK;
}

/*
 * The queues of a listener, as the kernel compares them: sk_acceptq_is_full()
 * and, where a connection begins, inet_csk_reqsk_queue_is_full(). A hook with a
 * request is the end of a handshake, one without is its beginning.
 */
static __always_inline bool listen_overflow(struct nt_sock_event *event, const struct hook_call *call,
					    const struct sock *request)
{
	const struct sock *sk = call->sk;
	__u32 waiting;

	if (!sk || BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_LISTEN)
		return false;
	if (request && !(call->skb && is_handshake_ack(call->skb)))
		return false;
	event->limit = BPF_CORE_READ(sk, sk_max_ack_backlog);
	waiting = BPF_CORE_READ(sk, sk_ack_backlog);
	if (waiting > event->limit) {
		event->count = waiting;
		return true;
	}
	waiting = BPF_CORE_READ((const struct inet_connection_sock *)sk, icsk_accept_queue.qlen.counter);
	if (request || waiting < event->limit)
		return false;
	event->count = waiting;
	event->flags |= NT_SOCK_SYN_QUEUE;
	return true;
}

/* False where the hook's kind of event has not happened. */
static __always_inline bool tell_kind(struct nt_sock_event *event, const struct hook_call *call,
				      const struct sock *request)
{
	const struct sock *sk = call->sk;
	const struct inet_connection_sock *connection = (const void *)sk;
	__u8 state;

	/* First what is most frequent, and mostly not wanted. */
	if (event->kind == NT_SOCK_STATE) {
		event->old_state = hook_argument(call, NT_COOKIE_DETAIL_SHIFT);
		event->new_state = hook_argument(call, NT_COOKIE_DETAIL2_SHIFT);
		if (!is_reported_change(event))
			return false;
	}
	state = sk ? BPF_CORE_READ(sk, __sk_common.skc_state) : 0;
	if (sk && is_full_socket(state))
		event->error = BPF_CORE_READ(sk, sk_err);
	switch (event->kind) {
	case NT_SOCK_RTO:
		/* The tracepoint in its place reports every change of the congestion state. */
		if (!call->is_function && hook_argument(call, NT_COOKIE_DETAIL_SHIFT) != TCP_CA_LOSS)
			return false;
		/* fallthrough */
	case NT_SOCK_RETRANSMIT:
		if (sk && is_full_socket(state))
			event->count = BPF_CORE_READ(connection, icsk_retransmits);
		return true;
	case NT_SOCK_ZERO_WINDOW:
		event->count = BPF_CORE_READ(connection, icsk_probes_out);
		return true;
	case NT_SOCK_RESET_SENT:
		if (cookie_position(call->cookie, NT_COOKIE_DETAIL_SHIFT)) {
			event->reason = hook_argument(call, NT_COOKIE_DETAIL_SHIFT);
			event->flags |= NT_SOCK_REASON;
		}
		return true;
	case NT_SOCK_CLOSE_UNREAD:
		event->count = sk ? unread_bytes(sk, state) : 0;
		return event->count;
	case NT_SOCK_LISTEN_OVERFLOW:
		return listen_overflow(event, call, request);
	case NT_SOCK_BUFFER_FULL:
	case NT_SOCK_MEMORY:
		event->count = BPF_CORE_READ(sk, sk_backlog.rmem_alloc.counter);
		event->limit = BPF_CORE_READ(sk, sk_rcvbuf);
		return true;
	case NT_SOCK_ERROR:
		/* A listener that closes reports too, but nothing. */
		return event->error;
	default:
		return true;
	}
}

#endif
