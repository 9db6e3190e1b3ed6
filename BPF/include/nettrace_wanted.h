/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Filters on what is not in the packet's bytes: lists of values that are wanted, and of values that are not. */
#ifndef NETTRACE_WANTED_H
#define NETTRACE_WANTED_H

#include "nettrace_abi.h"

/* nt_wanted_key.kind: which filter the value belongs to. */
#define NT_LIST_NETNS 0     /* inode of a network namespace */
#define NT_LIST_INTERFACE 1 /* name of a device, zero-padded */
#define NT_LIST_RECEIVER 2  /* netns << 32 | index: a device by which packets come in; part of the filter INTERFACE */
#define NT_LIST_PROCESS 3   /* tgid */
#define NT_LIST_COMMAND 4   /* name of a thread, zero-padded */
#define NT_LIST_USER 5      /* uid of a socket's owner, in the initial user namespace */
#define NT_LIST_CGROUP 6    /* id of a cgroup, version 2: its own sockets, and those below it */

/* What a list says of a value; absent: nothing. */
#define NT_WANTED 1
#define NT_UNWANTED 2

struct nt_wanted_key {
	__u32 kind; /* NT_LIST_ */
	__u32 reserved;
	__u64 value[2];
};
_Static_assert(sizeof(struct nt_wanted_key) == 24, "nt_wanted_key");

#define NT_WANTED_TERMS 16

struct nt_mark_term {
	__u32 value;
	__u32 mask;
};
struct nt_length_term {
	__u32 min; /* skb->len, bytes, inclusive */
	__u32 max;
};

/* Fixed before the load (rodata). */
struct nt_wanted_config {
	__u32 lists;           /* bits by NT_LIST_: values of this kind are wanted, so that others are not */
	__u32 marks;           /* of these, one has to hold */
	__u32 unwanted_marks;  /* behind them: of these, none may */
	__u32 lengths;         /* of these, one has to hold */
	struct nt_mark_term mark[NT_WANTED_TERMS];
	struct nt_length_term length[NT_WANTED_TERMS];
};
_Static_assert(sizeof(struct nt_wanted_config) == 16 + 16 * NT_WANTED_TERMS, "nt_wanted_config");

#endif
