/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Just the kernel types and fields that the programs read. Offsets are those
 * of the running kernel: preserve_access_index makes every access a CO-RE
 * relocation, so order, padding and missing fields do not matter here.
 */
#ifndef NETTRACE_KERNEL_H
#define NETTRACE_KERNEL_H

/* bpf_tracing.h: use the kernel's register names, not those of user space's ptrace.h. */
#define __VMLINUX_H__

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef _Bool bool;

#define true 1
#define false 0
#define NULL ((void *)0)

/* include/uapi/linux/bpf.h */
enum {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_LPM_TRIE = 11,
	BPF_MAP_TYPE_QUEUE = 22,
	BPF_MAP_TYPE_RINGBUF = 27,
};
enum { BPF_ANY = 0, BPF_NOEXIST = 1 };
enum { BPF_F_NO_PREALLOC = 1 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
enum { BPF_RB_AVAIL_DATA = 0 };

/* arch/<arch>/include/asm/ptrace.h: stable, since kprobes expose it to user space. */
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8;
	unsigned long ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31], sp, pc, pstate;
};
struct pt_regs {
	union {
		struct user_pt_regs user_regs;
		struct {
			__u64 regs[31], sp, pc, pstate;
		};
	};
};
#else
#error "unknown target architecture: add its pt_regs"
#endif

/* kernel/kprobes.c: when a kprobe on a function's entry runs, ip is already past the x86 breakpoint byte. */
#if defined(__TARGET_ARCH_x86)
#define KPROBE_IP_OFFSET 1
#else
#define KPROBE_IP_OFFSET 0
#endif

#define offsetof(type, member) __builtin_offsetof(type, member)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/linux/ns_common.h, include/net/net_namespace.h */
struct ns_common {
	unsigned int inum;
};
struct net {
	struct ns_common ns;
};
typedef struct {
	struct net *net;
} possible_net_t;

/* include/linux/netdevice.h */
struct net_device {
	char name[16];
	int ifindex;
	possible_net_t nd_net;
};

/* include/net/dst.h */
struct dst_entry {
	struct net_device *dev;
};

/* include/linux/types.h, include/linux/uidgid_types.h */
typedef struct {
	__s64 counter;
} atomic64_t;
typedef struct {
	int counter;
} atomic_t;
typedef struct {
	unsigned int val;
} kuid_t;

/* include/linux/net.h, include/linux/fs.h */
struct inode {
	unsigned long i_ino;
};
struct file {
	struct inode *f_inode;
};
struct socket {
	struct file *file;
};

/* include/linux/kernfs.h, include/linux/cgroup-defs.h */
struct kernfs_node {
	__u64 id;
};
struct cgroup {
	struct kernfs_node *kn;
	int level;
};
struct sock_cgroup_data {
	struct cgroup *cgroup;
};

/* include/net/sock.h */
struct in6_addr {
	union {
		__u8 u6_addr8[16];
	} in6_u;
};
struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	int skc_bound_dev_if;
	atomic64_t skc_cookie;
	struct sock *skc_listener; /* of a request socket */
};
struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
	__u16 sk_type;
	kuid_t sk_uid;
	struct socket *sk_socket;
	struct sock_cgroup_data sk_cgrp_data;
	int sk_err;
	int sk_rcvbuf;
	__u32 sk_ack_backlog;
	__u32 sk_max_ack_backlog;
	struct {
		atomic_t rmem_alloc;
	} sk_backlog;
};

/* include/net/inet_sock.h, include/net/request_sock.h, include/net/inet_connection_sock.h, include/linux/tcp.h */
struct inet_sock {
	__be16 inet_sport;
};
struct request_sock_queue {
	atomic_t qlen;
};
struct inet_connection_sock {
	struct request_sock_queue icsk_accept_queue;
	__u8 icsk_retransmits;
	__u8 icsk_probes_out;
};
struct tcp_sock {
	__u32 rcv_nxt;
	__u32 copied_seq;
};

/*
 * include/linux/skbuff.h. The fields from `len` to `data` stand in one run on
 * every kernel from 5.10 to 7.2, which packet.h uses to read them at once.
 */
typedef unsigned int sk_buff_data_t;
struct sk_buff {
	struct sk_buff *next;
	struct net_device *dev;
	struct sock *sk;
	unsigned long _skb_refdst;
	unsigned int len;
	unsigned int data_len;
	__u16 queue_mapping;
	__u8 pkt_type : 3;
	__u8 ip_summed : 2;
	__u32 priority;
	int skb_iif;
	__u32 hash;
	__be16 vlan_proto;
	__u16 vlan_tci;
	__u32 mark;
	__be16 protocol;
	__u16 inner_network_header;
	__u16 transport_header;
	__u16 network_header;
	__u16 mac_header;
	sk_buff_data_t tail;
	sk_buff_data_t end;
	unsigned char *head;
	unsigned char *data;
};
struct skb_fragment {
	__u64 page;
};
struct skb_shared_info {
	__u8 nr_frags;
	unsigned short gso_size;
	struct sk_buff *frag_list;
	atomic_t dataref;
	struct skb_fragment frags[1]; /* payload.h has their layout */
};

/* include/linux/sched.h, arch/arm64/include/asm/thread_info.h */
#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000
struct thread_info {
	__u64 preempt_count;
};
struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct task_struct {
	struct thread_info thread_info;
	void *stack;
	unsigned int flags;
	struct task_struct *group_leader;
	struct pid *thread_pid;
};

#pragma clang attribute pop

#endif
