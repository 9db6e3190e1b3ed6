/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The records that the BPF programs write and user space reads.
 *
 * Rules: fixed-width types, natural alignment, no implicit padding, one
 * _Static_assert per struct. All integers are in host byte order unless a
 * comment says "network order". A record is one nt_event followed by the
 * sections named in nt_event.sections, in the order that docs/RECORDING.md,
 * "Sections", promises: a new section has the next bit and stands after all
 * that exist. Each is exactly sizeof its struct; only nt_payload
 * (nettrace_payload.h) has bytes after it.
 */
#ifndef NETTRACE_ABI_H
#define NETTRACE_ABI_H

#ifdef __bpf__
#include "kernel.h"
#else
#include <linux/types.h>
#endif

#include "nettrace_ct.h"

#define NT_COMM_LEN 16   /* TASK_COMM_LEN, include/linux/sched.h */
#define NT_IFNAME_LEN 16 /* IFNAMSIZ, include/uapi/linux/if.h */
#define NT_L2_LEN 14      /* an Ethernet header: the L3 header always starts at data[NT_L2_LEN] */
#define NT_L3_SNAPLEN 112 /* IPv6 + UDP + VXLAN + Ethernet + IPv4 + TCP fit */
#define NT_MORE_LEN 64    /* more of a tunnel's packet: IPv6 + routing header + Geneve + Ethernet + VLAN tag + IPv6 + TCP fit */
#define NT_SNAPLEN (NT_L2_LEN + NT_L3_SNAPLEN)

/* nt_event.flags */
#define NT_EVENT_L2 (1u << 0)         /* nt_packet.data starts with the Ethernet header; otherwise its first NT_L2_LEN bytes are zero */
#define NT_EVENT_SOCK_TUPLE (1u << 1) /* packet is made up from the socket's addresses: the skb has no headers yet */
#define NT_EVENT_DROP (1u << 2)       /* a drop: location is valid */
#define NT_EVENT_REASON (1u << 3)     /* reason is valid (kernels from 5.17) */
#define NT_EVENT_VLAN (1u << 4)       /* vlan_tci and vlan_proto hold a tag kept outside the packet */
#define NT_EVENT_INTERRUPT (1u << 5)  /* ran in softirq, hardirq or NMI: the current task is a bystander */
#define NT_EVENT_FREE (1u << 6)       /* the skb is freed or consumed here */
#define NT_EVENT_SILENT (1u << 7)     /* not asked for: only reports that the skb has ended, or without NT_EVENT_FREE that it was made; a drop has its sections */
#define NT_EVENT_CALL (1u << 8)       /* a function was entered whose return is recorded too */
#define NT_EVENT_RETURN (1u << 9)     /* that return: all but ts, cpu, flags, the stack and nt_return is as it was at the entry */
#define NT_EVENT_TAP (1u << 10)       /* the skb belongs to a packet socket (AF_PACKET); only where packets are tracked */
#define NT_EVENT_HIDDEN (1u << 11)    /* the packet matched before and its headers no longer do: reports its path and end, not counted as an event */
#define NT_EVENT_GROUP (1u << 12)     /* of a drop: the kernel takes the packet for a broadcast or multicast (skb->pkt_type) */
#define NT_EVENT_OTHER_HOST (1u << 13) /* of a drop: the kernel takes the frame for another machine's */

/* nt_event.sections: optional parts after the fixed head, in the order of these lines */
#define NT_SECTION_PACKET (1u << 0) /* struct nt_packet */
#define NT_SECTION_MORE (1u << 9)   /* struct nt_packet_more: nt_packet goes on; only in records of tunnels, long ones */
#define NT_SECTION_DEVICE (1u << 1) /* struct nt_device */
#define NT_SECTION_TASK (1u << 2)   /* struct nt_task */
#define NT_SECTION_META (1u << 3)   /* struct nt_meta */
#define NT_SECTION_CALLER (1u << 4) /* struct nt_caller */
#define NT_SECTION_SOCK (1u << 6)   /* struct nt_sock */
#define NT_SECTION_CT (1u << 10)    /* struct nt_ct (nettrace_ct.h); only where it is asked for */
#define NT_SECTION_SOCK_EVENT (1u << 8) /* struct nt_sock_event (nettrace_sock.h), what happened to the socket */
#define NT_SECTION_STACK (1u << 5)  /* struct nt_stack; only in records of hooks with NT_HOOK_STACK */
#define NT_SECTION_RETURN (1u << 7) /* struct nt_return; only in records with NT_EVENT_RETURN */
/* 11: NT_SECTION_RUN, nettrace_run.h; 12: NT_SECTION_FRAME, nettrace_frame.h; 13: NT_SECTION_PAYLOAD, nettrace_payload.h */

struct nt_event {
	__u64 ts;         /* ns, CLOCK_MONOTONIC (bpf_ktime_get_ns) */
	__u64 skb;        /* address of the struct sk_buff; 0 where the hook has only a socket */
	__u64 ctx;        /* number of the packet that the skb belongs to, clones and segments included; 0: not tracked */
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
	__s16 data_offset; /* where skb->data stands, in bytes behind the start of the L3 header: -14 at L2, 20 at L4 */
};
_Static_assert(sizeof(struct nt_event) == 56, "nt_event");

struct nt_packet {
	__u16 caplen; /* valid bytes from the L3 header on, at most NT_L3_SNAPLEN, or with nt_packet_more NT_MORE_LEN more */
	__u8 data[NT_SNAPLEN];
};
_Static_assert(sizeof(struct nt_packet) == 128, "nt_packet");

struct nt_packet_more {
	__u8 data[NT_MORE_LEN]; /* follows nt_packet.data without a gap */
};
_Static_assert(sizeof(struct nt_packet_more) == 64, "nt_packet_more");

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

struct nt_caller {
	__u64 address; /* where the traced function returns to; 0: not known (tracepoints) */
};
_Static_assert(sizeof(struct nt_caller) == 8, "nt_caller");

/* The socket that the hook or the skb names. Zeros from `inode` on where it is no full socket: time-wait, syncookies. */
struct nt_sock {
	__u64 address; /* of the struct sock; 0: no socket, and all else is zero */
	__u64 cookie;  /* as SO_COOKIE and ss(8) show it; 0: no program has asked for one yet */
	__u64 inode;   /* of the socket's file, as in /proc/PID/fd; 0: closed, not accepted yet, or the kernel's own */
	__u64 cgroup;  /* id in the version 2 hierarchy, the inode of the cgroup's directory; 0: not known */
	__u32 uid;     /* owner, in the initial user namespace */
	__u32 ifindex; /* device that the socket is bound to, in its namespace; 0: none */
	__u16 family;  /* AF_ */
	__u16 type;    /* SOCK_; 0: not a full socket */
	__u16 protocol; /* IPPROTO_ where family is AF_INET or AF_INET6 */
	__u16 state;   /* enum of include/net/tcp_states.h, whatever the protocol */
};
_Static_assert(sizeof(struct nt_sock) == 48, "nt_sock");

#define NT_STACK_DEPTH 32

struct nt_stack {
	__u32 count; /* valid frames */
	__u32 reserved;
	__u64 frames[NT_STACK_DEPTH]; /* return addresses, innermost first */
};
_Static_assert(sizeof(struct nt_stack) == 8 + 8 * NT_STACK_DEPTH, "nt_stack");

struct nt_return {
	__u64 value;   /* the register that holds it; a type narrower than that leaves the upper bits undefined */
	__u64 entered; /* nt_event.ts of the entry: with the hook and the skb, it identifies the call that has returned */
};
_Static_assert(sizeof(struct nt_return) == 16, "nt_return");

/* Everything that the records of entries can hold, but for the stack: the same for all of a run. */
#define NT_ENTRY_MAX_SIZE \
	(sizeof(struct nt_event) + sizeof(struct nt_packet) + sizeof(struct nt_device) + \
	 sizeof(struct nt_task) + sizeof(struct nt_meta) + sizeof(struct nt_caller) + sizeof(struct nt_sock) + sizeof(struct nt_ct))

/* Everything a record can hold. */
#define NT_EVENT_MAX_SIZE (NT_ENTRY_MAX_SIZE + sizeof(struct nt_packet_more) + sizeof(struct nt_stack) + sizeof(struct nt_return))

/*
 * What a packet filter sees: r1 of the generated subprogram points to one of
 * these on the caller's stack. Loads inside `data` are plain stack loads (so
 * the L3 header is 8-byte aligned in the struct); others go through
 * bpf_probe_read_kernel at l3_address. A load beyond the packet rejects it.
 */
struct nt_filter_ctx {
	__u64 l3_address; /* kernel address of the first L3 byte */
	__u32 l3_len;     /* bytes of packet from there on, fragments included */
	__u32 l3_linear;  /* of these, bytes in the linear area, readable at l3_address */
	__u32 caplen;     /* of these, bytes that stand in data from NT_L2_LEN on */
	__u16 protocol;   /* ethertype of the L3 header, host byte order */
	__u16 has_l2;     /* 1: data[0..13] is the Ethernet header; 0: zeros */
	__s16 data_offset; /* skb->data minus the L3 header: not for filters, but for the record */
	__u8 data[NT_SNAPLEN];
};
_Static_assert(sizeof(struct nt_filter_ctx) == 152, "nt_filter_ctx");

/* nt_config.flags */
#define NT_CONFIG_FILTER_NETNS (1u << 0)
#define NT_CONFIG_FILTER_INTERFACE (1u << 1)
#define NT_CONFIG_FILTER_PID (1u << 2)
#define NT_CONFIG_FILTER_MARK (1u << 3)
#define NT_CONFIG_FILTER_LEN (1u << 4)
#define NT_CONFIG_FILTER_PACKET (1u << 5) /* the generated subprogram decides */
#define NT_CONFIG_TRACK (1u << 6)         /* number the packets: nt_event.ctx */
#define NT_CONFIG_FOLLOW (1u << 7)        /* once matched, a packet stays wanted whatever becomes of it (--skb-mode); without it such events are hidden */
#define NT_CONFIG_LINKS_SEEN (1u << 8)    /* hooks with NT_HOOK_LINK see every copy */
#define NT_CONFIG_ENDS_SEEN (1u << 9)     /* hooks with NT_HOOK_FREE see every end of an skb */
#define NT_CONFIG_RESTORE_VLAN (1u << 10) /* the packet filter looks at VLAN tags: show it those beside the packet */
#define NT_CONFIG_STACKS (1u << 11)       /* there are hooks with NT_HOOK_STACK */
#define NT_CONFIG_RETURNS (1u << 12)      /* there are hooks with NT_HOOK_RETURN */
#define NT_CONFIG_SEE_EXTENSIONS (1u << 13) /* the packet filter asks about extension headers of IPv6: show it those */
#define NT_CONFIG_INSIDE_TUNNELS (1u << 14) /* the packet filter also looks at packets in tunnels (--inner) */
#define NT_CONFIG_INSIDE_ERRORS (1u << 15)  /* and at those that ICMP errors quote (--quoted) */
#define NT_CONFIG_FILTER_OWNER (1u << 16)   /* by the user and cgroup of the socket; what filters want: nt_wanted_config */
#define NT_CONFIG_UNDER (1u << 17)          /* there are functions that are shown where they run under traced ones: nettrace_under.h */
#define NT_CONFIG_UNSHOWN_RETURNS (1u << 18) /* returns only report that functions have ended, without a record */

/* Fixed before the load (rodata). */
struct nt_config {
	__u32 flags;       /* NT_CONFIG_ */
	__u32 record_size; /* bytes of one record: sizeof nt_event + its sections */
	__u16 sections;    /* NT_SECTION_ */
	__u16 sets;        /* NT_SET_, nettrace_filter.h */
	__u32 ring_wakeup; /* bytes in the ring that call for the reader */
	__u32 pidns;       /* inode of the user's process namespace; 0: the machine's first one */
	__u32 snapshot;    /* bytes of a packet that a record holds at most (nettrace_payload.h); 0: no such section */
	__u64 free_pages;  /* address of the function free_pages, for kernel_pages.h; 0: not known */
};
_Static_assert(sizeof(struct nt_config) == 32, "nt_config");

/* Per hook and CPU. matched = delivered + lost + limited. */
struct nt_counter {
	__u64 matched; /* events that passed the filter */
	__u64 lost;    /* of these, events that found no room in the ring */
	__u64 limited; /* of these, events beyond the number that is reported in a second (nt_limits) */
};
_Static_assert(sizeof(struct nt_counter) == 24, "nt_counter");

/*
 * What differs per hook, packed into the 64-bit attach cookie. Argument
 * positions count from 1; 0: the hook has no such argument.
 */
#define NT_COOKIE_HOOK_SHIFT 0      /* 16 bits: index into the attach plan */
#define NT_COOKIE_SKB_SHIFT 16      /* 4 bits: struct sk_buff *, or what holds one */
#define NT_COOKIE_SOCK_SHIFT 20     /* 4 bits: struct sock * */
#define NT_COOKIE_REASON_SHIFT 24   /* 4 bits: enum skb_drop_reason */
#define NT_COOKIE_LOCATION_SHIFT 28 /* 4 bits: caller of kfree_skb; with NT_HOOK_LINK, the original skb */
#define NT_COOKIE_MEMBER_SHIFT 32   /* 16 bits: offset of the skb pointer in what the argument points to */
#define NT_COOKIE_FLAGS_SHIFT 48    /* 16 bits: NT_HOOK_ */

/* Immediates by which user space finds, in the compiled programs, what it has to replace before the load. */
#define NT_FILTER_MARKER 0x6e74f117
#define NT_COOKIE_MARKER 0x6e74c00c6e74c00c
#define NT_STRINGIFY(x) NT_STRINGIFY_(x)
#define NT_STRINGIFY_(x) #x

#define NT_HOOK_INDIRECT (1u << 0)        /* the skb argument is a struct with an skb pointer at MEMBER */
#define NT_HOOK_STACK (1u << 1)           /* the record carries the call stack */
#define NT_HOOK_DROP NT_EVENT_DROP        /* fires when a packet is dropped */
#define NT_HOOK_REASON NT_EVENT_REASON    /* and says why */
#define NT_HOOK_SILENT (1u << 4)          /* only keeps track of packets: no event but the end of one that is tracked, with NT_HOOK_DROP as a whole record */
#define NT_HOOK_LINK (1u << 5)            /* the skb is made from the one at LOCATION: both are one packet */
#define NT_HOOK_FREE NT_EVENT_FREE        /* fires when an skb ends */
#define NT_HOOK_RETURN (1u << 7)          /* the function's return is recorded too */

/* These are flags of the hook's events as they stand. */
#define NT_HOOK_EVENT_FLAGS (NT_HOOK_DROP | NT_HOOK_REASON | NT_HOOK_FREE)

#endif
