/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The section that describes one run of a traced BPF program (XDP, tc) on a packet, and the description of such a
 * program that user space gives to the programs that trace it.
 */
#ifndef NETTRACE_RUN_H
#define NETTRACE_RUN_H

#include "nettrace_abi.h"

#define NT_PROGRAM_NAME_LEN 32 /* longer names are cut */

#define NT_SECTION_RUN (1u << 11) /* struct nt_run; the record is of the run's end, its packet of the begin */

/* nt_run.flags */
#define NT_RUN_FRONT (1u << 0)  /* front is known */
#define NT_RUN_TARGET (1u << 1) /* target is known */
#define NT_RUN_VLAN (1u << 2)   /* vlan_tci and vlan_proto hold a tag kept outside the packet */
#define NT_RUN_MARK (1u << 3)   /* the program has changed the mark */

/* A program as user space knows it, by hook. */
struct nt_traced_program {
	__u64 tag;  /* eight bytes, in the order in which tools print them */
	__u32 id;
	__u32 type; /* enum bpf_prog_type */
	char name[NT_PROGRAM_NAME_LEN];
};
_Static_assert(sizeof(struct nt_traced_program) == 48, "nt_traced_program");

struct nt_run {
	struct nt_traced_program program;
	__u64 entered;  /* ns: when the run began; nt_event.ts is its end */
	__s32 verdict;  /* what the program returned */
	__u32 len;      /* as nt_event.len, at the end of the run */
	__s32 front;    /* bytes put in front of the packet; negative: taken away there */
	__u32 map;      /* id of the map that a redirect goes through; 0: none */
	__u32 target;   /* of a redirect: ifindex, or with a map the key */
	__u16 flags;    /* NT_RUN_ */
	__u16 protocol; /* as nt_event.protocol, of `after` */
	__u16 vlan_proto;
	__u16 vlan_tci;
	__u32 mark;     /* the skb's, at the end */
	struct nt_packet after; /* the packet at the end of the run; caplen 0: it could not be read */
};
_Static_assert(sizeof(struct nt_run) == 216, "nt_run");

/* In the cookie of such a hook, in place of NT_COOKIE_MEMBER_SHIFT: how many arguments stand before the program's result. */
#define NT_COOKIE_RESULT_SHIFT 32

#endif
