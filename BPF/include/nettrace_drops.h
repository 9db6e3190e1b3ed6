/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the program of `--drop --summary` counts, and by what; and which drops
 * `--drop` leaves out. The same rules as in nettrace_abi.h.
 */
#ifndef NETTRACE_DROPS_H
#define NETTRACE_DROPS_H

#include "nettrace_abi.h"

/* nt_drop_config.dimensions: the fields by which drops are grouped */
#define NT_DROP_BY_REASON (1u << 0)
#define NT_DROP_BY_LOCATION (1u << 1)
#define NT_DROP_BY_DEVICE (1u << 2)
#define NT_DROP_BY_NETNS (1u << 3)
#define NT_DROP_BY_SADDR (1u << 4)
#define NT_DROP_BY_DADDR (1u << 5)
#define NT_DROP_BY_SPORT (1u << 6)
#define NT_DROP_BY_DPORT (1u << 7)
#define NT_DROP_BY_PROTO (1u << 8)

#define NT_ADDRESS_LEN 16

/* One row. Fields that rows are not grouped by, or that a packet does not have, are zero. */
struct nt_drop_key {
	__u64 location;
	__u32 reason;
	__u32 netns;
	char ifname[NT_IFNAME_LEN];
	__u8 saddr[NT_ADDRESS_LEN]; /* network order; an IPv4 address is the first four bytes */
	__u8 daddr[NT_ADDRESS_LEN];
	__be16 sport; /* network order */
	__be16 dport;
	__u16 protocol; /* ethertype: with NT_DROP_BY_PROTO, and where there is an IP address to read */
	__u8 l4;        /* with NT_DROP_BY_PROTO: of IP packets, the protocol behind the IP headers */
	__u8 epoch;     /* table_epoch when it was counted */
};
_Static_assert(sizeof(struct nt_drop_key) == 72, "nt_drop_key");

/* Per row and CPU. */
struct nt_drop_count {
	__u64 packets;
	__u64 bytes; /* from the L3 header to the end of the packet */
};
_Static_assert(sizeof(struct nt_drop_count) == 16, "nt_drop_count");

/* enum skb_drop_reason: a subsystem in the upper half (include/net/dropreason.h), its own numbering in the lower. */
#define NT_REASON_SUBSYSTEM_SHIFT 16
#define NT_REASON_SUBSYSTEMS 16
#define NT_REASONS_PER_SUBSYSTEM 256
#define NT_IGNORED_WORDS (NT_REASON_SUBSYSTEMS * NT_REASONS_PER_SUBSYSTEM / 64)

/* nt_normal_end.kinds */
#define NT_PACKET_GROUP (1u << 0)        /* to a broadcast or multicast address of the frame */
#define NT_PACKET_ECHO_REPLY (1u << 1)   /* of a ping */
#define NT_PACKET_DHCP (1u << 2)
#define NT_PACKET_ANNOUNCEMENT (1u << 3) /* sent by kernels of their own accord: MLD, IGMP, router solicitations, DAD */
#define NT_PACKET_OTHER_HOST (1u << 4)   /* in a frame for another machine */
#define NT_PACKET_EMPTY_ACK (1u << 5)    /* a TCP segment with no flag but ACK and no data */
#define NT_PACKET_MULTICAST (1u << 6)    /* to a multicast address of IP */
#define NT_PACKET_ANY 0xffffffffu

#define NT_ANY_REASON 0xffffffffu
#define NT_NORMAL_ENDS 96

/* A piece of the kernel's code in which packets of these kinds end, with this reason, though nothing is lost. */
struct nt_normal_end {
	__u64 start;
	__u32 size; /* bytes; 0: the list ends here */
	__u32 reason;
	__u32 kinds;
	__u32 unused;
};
_Static_assert(sizeof(struct nt_normal_end) == 24, "nt_normal_end");

/* Fixed before the load (rodata). */
struct nt_drop_config {
	__u64 cookie;     /* of the tracepoint, for the program that counts: it has no other */
	__u32 dimensions; /* NT_DROP_BY_ */
	__u32 ignores;    /* 1: ignored has bits set */
	__u64 ignored[NT_IGNORED_WORDS]; /* a bit for each reason that is no event */
	struct nt_normal_end ends[NT_NORMAL_ENDS]; /* no events either */
};
_Static_assert(sizeof(struct nt_drop_config) == 16 + 8 * NT_IGNORED_WORDS + 24 * NT_NORMAL_ENDS, "nt_drop_config");

#endif
