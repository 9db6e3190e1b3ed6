/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The fields of TCP's sockets that the statistics read; the same from 5.10 to 7.2, in places of their own on each. */
#ifndef NETTRACE_KERNEL_TCP_H
#define NETTRACE_KERNEL_TCP_H

/* include/net/tcp_states.h */
enum tcp_state {
	TCP_STATE_ESTABLISHED = 1,
	TCP_STATE_SYN_SENT = 2,
	TCP_STATE_SYN_RECV = 3,
	TCP_STATE_CLOSE = 7,
	TCP_STATE_LISTEN = 10,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/linux/win_minmax.h */
struct minmax_sample {
	__u32 v;
};
struct minmax {
	struct minmax_sample s[3];
};

/* include/linux/tcp.h; ___ marks a flavour of a kernel type. */
struct tcp_sock___statistics {
	__u64 bytes_sent;
	__u64 bytes_acked;
	__u64 bytes_received;
	__u64 bytes_retrans;
	__u32 segs_out;
	__u32 segs_in;
	__u32 data_segs_out;
	__u32 data_segs_in;
	__u32 total_retrans;
	__u32 lost;
	__u32 srtt_us;   /* eighths of a microsecond */
	__u32 mdev_us; /* quarters; rttvar_us is no less than the least timeout */
	struct minmax rtt_min;
	__u32 snd_cwnd;
	__u32 snd_ssthresh;
	__u32 snd_wnd;
	__u32 rcv_wnd;
	__u32 mss_cache;
	__u32 delivered;
};

/* include/net/inet_sock.h: unlike skc_num, still there when the socket is closed. */
struct inet_sock___port {
	__be16 inet_sport;
};

/* include/net/sock.h */
struct sock___error {
	int sk_err;
};
struct sock___lock {
	struct {
		int owned;
	} sk_lock;
};

#pragma clang attribute pop

#endif
