/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the programs of `--rtt` and `--tcp-summary` keep of TCP connections.
 * The same rules as in nettrace_abi.h.
 */
#ifndef NETTRACE_TCP_H
#define NETTRACE_TCP_H

#include "nettrace_abi.h"

#define NT_TCP_ADDRESS_LEN 16

/* nt_tcp_connection.flags */
#define NT_TCP_JUDGED (1u << 0)     /* its addresses are known, and the filters want them */
#define NT_TCP_HANDSHAKE (1u << 1)  /* its handshake was seen: it is no older than `started` */
#define NT_TCP_OUTGOING (1u << 2)   /* this side connected */
#define NT_TCP_INCOMING (1u << 3)   /* the other side did */
#define NT_TCP_SAMPLED (1u << 4)    /* its round-trip time has been counted, or passed over */
#define NT_TCP_SEND_STOPPED (1u << 5)    /* the peer's window was zero when last looked at */
#define NT_TCP_RECEIVE_STOPPED (1u << 6) /* its own window was */
#define NT_TCP_RESET_SENT (1u << 7)      /* this side has sent a reset */

/* A connection, seen from one of its ends. Both ends on one machine are two connections. Fields named as in tcp(7). */
struct nt_tcp_connection {
	__u64 started; /* ns, CLOCK_MONOTONIC: its handshake, or when it was first seen */
	__u64 ended;   /* 0: it has not */
	__u64 inode;   /* of the socket's file; 0: no process has accepted it, or all have closed it */
	__u64 bytes_sent;     /* payload, what was sent again included */
	__u64 bytes_acked;    /* payload that the peer has acknowledged; SYN and FIN count as a byte each */
	__u64 bytes_received; /* payload, each byte once; a FIN counts as a byte */
	__u64 bytes_retrans;  /* of bytes_sent, those sent again */
	__u32 segs_out;
	__u32 segs_in;
	__u32 data_segs_out;
	__u32 data_segs_in;
	__u32 retransmits; /* segments sent again */
	__u32 lost;        /* segments that the kernel took for lost */
	__u32 srtt;        /* us, smoothed; 0: not measured */
	__u32 rttvar;      /* us, mean deviation */
	__u32 min_rtt;     /* us; 0: not measured */
	__u32 cwnd;        /* segments */
	__u32 ssthresh;    /* segments */
	__u32 send_window;    /* bytes that the peer lets this side send */
	__u32 receive_window; /* bytes that this side lets the peer send */
	__u32 mss;            /* bytes of payload in a segment sent */
	__u32 send_stops;     /* how often the peer's window was seen to become zero */
	__u32 receive_stops;  /* how often its own was */
	__u32 delivered;      /* tcp_sock.delivered when srtt was last counted */
	__u32 netns;          /* inode */
	__u32 pid;            /* of the process that was seen to use it first; 0: none was */
	__u16 flags;          /* NT_TCP_ */
	__u16 error;          /* errno that it ended with, 0: none */
	__be16 local_port;
	__be16 remote_port;
	__u16 protocol;   /* ethertype of the addresses */
	__u8 state;       /* enum tcp_state, include/net/tcp_states.h */
	__u8 last_state;  /* the one before it was closed */
	__u8 local[NT_TCP_ADDRESS_LEN]; /* network order; an IPv4 address is the first four bytes */
	__u8 remote[NT_TCP_ADDRESS_LEN];
	char comm[NT_COMM_LEN]; /* of pid */
	__u32 reserved;
};
_Static_assert(sizeof(struct nt_tcp_connection) == 200, "nt_tcp_connection");

/* nt_tcp_config.dimensions: the fields by which round-trip times are grouped */
#define NT_RTT_BY_RADDR (1u << 0)
#define NT_RTT_BY_RPORT (1u << 1)
#define NT_RTT_BY_LADDR (1u << 2)
#define NT_RTT_BY_LPORT (1u << 3)
#define NT_RTT_BY_SERVICE (1u << 4)
#define NT_RTT_BY_NETNS (1u << 5)

/* Fields that rows are not grouped by are zero. */
struct nt_rtt_key {
	__u8 remote[NT_TCP_ADDRESS_LEN];
	__u8 local[NT_TCP_ADDRESS_LEN];
	__be16 remote_port;
	__be16 local_port;
	__be16 service;  /* the port of the side that was connected to */
	__u16 protocol;  /* ethertype, with an address */
	__u32 netns;
	__u8 epoch;      /* table_epoch when it was counted */
	__u8 reserved[3];
};
_Static_assert(sizeof(struct nt_rtt_key) == 48, "nt_rtt_key");

/*
 * Microseconds below 2 << NT_RTT_PART_BITS are exact; above, each power of two
 * is cut into 1 << NT_RTT_PART_BITS parts. The longest time is 2^29 - 1:
 * tcp_sock.srtt_us holds eighths.
 */
#define NT_RTT_PART_BITS 4
#define NT_RTT_MAX_BITS 29
#define NT_RTT_PARTS 416
_Static_assert(NT_RTT_PARTS == (NT_RTT_MAX_BITS - NT_RTT_PART_BITS + 1) << NT_RTT_PART_BITS, "NT_RTT_PARTS");

struct nt_rtt_row {
	__u64 samples;
	__u64 sum; /* us */
	__u32 min; /* us; CPUs that write at once may lose a smaller one: parts is right */
	__u32 max;
	__u32 parts[NT_RTT_PARTS];
};
_Static_assert(sizeof(struct nt_rtt_row) == 24 + 4 * NT_RTT_PARTS, "nt_rtt_row");

enum nt_tcp_mode {
	NT_TCP_OFF,
	NT_TCP_RTT,     /* count round-trip times in rtt_rows */
	NT_TCP_SUMMARY, /* keep each connection, and send it when it has ended */
};

enum nt_rtt_samples {
	NT_RTT_EVERY, /* each time an acknowledgement has moved the smoothed round-trip time */
	NT_RTT_FIRST, /* the first of connections whose handshake was seen */
	NT_RTT_LAST,  /* the last of each connection */
};

/* Fixed before the load (rodata). */
struct nt_tcp_config {
	__u32 mode;       /* enum nt_tcp_mode */
	__u32 samples;    /* enum nt_rtt_samples */
	__u32 dimensions; /* NT_RTT_BY_ */
	__u32 min_rtt;    /* us: shorter times are not counted */
};
_Static_assert(sizeof(struct nt_tcp_config) == 16, "nt_tcp_config");

/* Indexes of the map tcp_counters. */
enum nt_tcp_counter {
	NT_TCP_UNTRACKED,   /* segments of connections that found no room in the table */
	NT_TCP_UNDELIVERED, /* ended connections that found no room in the ring */
	NT_TCP_UNROWED,     /* round-trip times that found no row */
	NT_TCP_COUNTERS,
};

#endif
