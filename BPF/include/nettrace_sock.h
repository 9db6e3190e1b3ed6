/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What happens to sockets (--sock, --monitor), and how often it is reported. The
 * same rules as in nettrace_abi.h.
 */
#ifndef NETTRACE_SOCK_H
#define NETTRACE_SOCK_H

#include "nettrace_abi.h"

/* nt_sock_event.kind: what happened. 0 in nt_limits stands for what is no socket event: a packet's. */
#define NT_SOCK_CONNECT 1         /* the first SYN is about to be sent */
#define NT_SOCK_ACCEPT 2          /* a program takes a connection from its listener */
#define NT_SOCK_STATE 3           /* old_state → new_state */
#define NT_SOCK_RETRANSMIT 4      /* count: timeouts in a row until now */
#define NT_SOCK_SYNACK 5          /* a SYN-ACK is sent again */
#define NT_SOCK_RTO 6             /* the retransmission timer fired; count: as above */
#define NT_SOCK_ZERO_WINDOW 7     /* the peer has closed its window, and is asked again; count: unanswered probes */
#define NT_SOCK_RESET_SENT 8
#define NT_SOCK_RESET_RECEIVED 9
#define NT_SOCK_CLOSE_UNREAD 10   /* count: bytes that arrived and nobody will read */
#define NT_SOCK_LISTEN_OVERFLOW 11 /* count: connections that wait; limit: how many may */
#define NT_SOCK_BUFFER_FULL 12    /* count: bytes of memory that wait to be read; limit: how many may */
#define NT_SOCK_MEMORY 13         /* the protocol's memory is used up; count and limit: the socket's, as above */
#define NT_SOCK_ERROR 14          /* an error that came from outside will be reported to the program */
#define NT_SOCK_KINDS 15

/* nt_sock_event.flags */
#define NT_SOCK_REASON (1u << 0)    /* reason is valid */
#define NT_SOCK_SYN_QUEUE (1u << 1) /* it is the queue of half-open connections that is full, not that of accept() */

/* In records with NT_SECTION_SOCK_EVENT; the packet section is made up: its source is the local side, always. */
struct nt_sock_event {
	__u16 kind;      /* NT_SOCK_ */
	__u16 old_state; /* enum of include/net/tcp_states.h; with NT_SOCK_STATE */
	__u16 new_state;
	__u16 error;     /* sk_err, an errno that has not been reported to any program yet; 0: none */
	__u32 reason;    /* enum sk_rst_reason */
	__u32 flags;
	__u32 count;     /* see the kinds; 0 in the others */
	__u32 limit;
};
_Static_assert(sizeof(struct nt_sock_event) == 24, "nt_sock_event");

/*
 * The cookie of a hook with a socket event: what other hooks keep there does
 * not apply to it. The arguments that tell more: the states of a change, or
 * the reason of a reset.
 */
#define NT_COOKIE_DETAIL_SHIFT NT_COOKIE_REASON_SHIFT   /* 4 bits */
#define NT_COOKIE_DETAIL2_SHIFT NT_COOKIE_LOCATION_SHIFT /* 4 bits */
#define NT_COOKIE_KIND_SHIFT NT_COOKIE_MEMBER_SHIFT     /* 8 bits: NT_SOCK_ */
#define NT_COOKIE_REQUEST_SHIFT (NT_COOKIE_MEMBER_SHIFT + 8) /* 4 bits: struct request_sock * */

#define NT_TCP_STATES 16

/* Fixed before the load (rodata). */
struct nt_limits {
	__u32 per_second; /* events of a kind, about; 0: all. What is more is matched and limited (nt_counter). */
	__u16 changes[NT_TCP_STATES]; /* by old state, a bit for each new state that is reported */
};
_Static_assert(sizeof(struct nt_limits) == 4 + 2 * NT_TCP_STATES, "nt_limits");

#endif
