/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The records that the BPF programs write and user space reads.
 *
 * Rules: fixed-width types, natural alignment, no implicit padding, one
 * _Static_assert per struct. All integers are in host byte order unless a
 * comment says "network order". A record is one nt_event followed by the
 * sections named in nt_event.sections, in the order of the NT_SECTION_ bits
 * (lowest bit first), each exactly sizeof its struct.
 */
#ifndef NETTRACE_ABI_H
#define NETTRACE_ABI_H

#ifdef __bpf__
#include "kernel.h"
#else
#include <linux/types.h>
#endif

#define NT_COMM_LEN 16   /* TASK_COMM_LEN, include/linux/sched.h */
#define NT_IFNAME_LEN 16 /* IFNAMSIZ, include/uapi/linux/if.h */
/* Bytes of packet in a record: Ethernet + VLAN + IPv6 + UDP + VXLAN + inner IPv4/TCP fit. */
#define NT_SNAPLEN 128

/* nt_event.flags */
#define NT_EVENT_L2 (1u << 0)         /* packet[0] is an Ethernet header; otherwise packet starts at L3 */
#define NT_EVENT_SOCK_TUPLE (1u << 1) /* packet is made up from the socket's addresses: the skb has no headers yet */
#define NT_EVENT_DROP (1u << 2)       /* a drop: location is valid */
#define NT_EVENT_REASON (1u << 3)     /* reason is valid (kernels from 5.17) */
#define NT_EVENT_VLAN (1u << 4)       /* vlan_tci and vlan_proto hold a tag kept outside the packet */
#define NT_EVENT_INTERRUPT (1u << 5)  /* ran in softirq, hardirq or NMI: the current task is a bystander */
#define NT_EVENT_FREE (1u << 6)       /* the skb is freed or consumed here */

/* nt_event.sections: optional parts after the fixed head, in this order */
#define NT_SECTION_PACKET (1u << 0) /* struct nt_packet */
#define NT_SECTION_DEVICE (1u << 1) /* struct nt_device */
#define NT_SECTION_TASK (1u << 2)   /* struct nt_task */
#define NT_SECTION_META (1u << 3)   /* struct nt_meta */

struct nt_event {
	__u64 ts;         /* ns, CLOCK_MONOTONIC (bpf_ktime_get_ns) */
	__u64 skb;        /* address of the struct sk_buff; 0 where the hook has only a socket */
	__u64 head;       /* skb->head: the buffer that clones share */
	__u64 location;   /* address of the kfree_skb caller */
	__u32 reason;     /* enum skb_drop_reason or a subsystem's */
	__u32 len;        /* skb->len, bytes: from skb->data to the end, fragments included */
	__u16 hook;       /* index into the attach plan's hooks */
	__u16 flags;      /* NT_EVENT_ */
	__u16 sections;   /* NT_SECTION_ */
	__u16 cpu;
	__u16 protocol;   /* ethertype of the L3 header (skb->protocol) */
	__u16 vlan_proto; /* ethertype of the out-of-band VLAN tag */
	__u16 vlan_tci;   /* priority, DEI, VLAN id */
	__u16 reserved;
};
_Static_assert(sizeof(struct nt_event) == 56, "nt_event");

struct nt_packet {
	__u16 caplen;    /* valid bytes in data, at most NT_SNAPLEN */
	__u16 l3_offset; /* where the L3 header starts in data */
	__u32 reserved;
	__u8 data[NT_SNAPLEN];
};
_Static_assert(sizeof(struct nt_packet) == 8 + NT_SNAPLEN, "nt_packet");

struct nt_device {
	__u32 netns;   /* inode of the network namespace, as in /proc/PID/ns/net */
	__u32 ifindex; /* 0: no device yet */
	char ifname[NT_IFNAME_LEN];
};
_Static_assert(sizeof(struct nt_device) == 24, "nt_device");

struct nt_task {
	__u32 pid; /* tgid: what users call the process id */
	__u32 tid;
	char comm[NT_COMM_LEN];
};
_Static_assert(sizeof(struct nt_task) == 24, "nt_task");

struct nt_meta {
	__u32 mark;
	__u32 hash;
	__u32 priority;
	__u32 skb_iif; /* ifindex of the device that received the packet */
	__u32 data_len;
	__u16 queue;
	__u16 gso_size; /* 0: not a GSO packet */
};
_Static_assert(sizeof(struct nt_meta) == 24, "nt_meta");

#define NT_EVENT_MAX_SIZE \
	(sizeof(struct nt_event) + sizeof(struct nt_packet) + sizeof(struct nt_device) + \
	 sizeof(struct nt_task) + sizeof(struct nt_meta))

#endif
