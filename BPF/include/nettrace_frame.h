/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The section that describes frames which XDP has lost, as the kernel's tracepoints report it: none of them has the packet. */
#ifndef NETTRACE_FRAME_H
#define NETTRACE_FRAME_H

#include "nettrace_run.h"

#define NT_SECTION_FRAME (1u << 12) /* struct nt_frame; nt_event.skb is the packet's number, for there is no skb */

/* Which tracepoint of include/trace/events/xdp.h; in the cookie of its hook, in place of NT_COOKIE_MEMBER_SHIFT. */
#define NT_FRAME_EXCEPTION 1 /* xdp_exception: a program has failed, or its verdict cannot be carried out */
#define NT_FRAME_REDIRECT 2  /* xdp_redirect_err */
#define NT_FRAME_BULK_TX 3   /* xdp_bulk_tx: XDP_TX of several frames */
#define NT_FRAME_DEVMAP 4    /* xdp_devmap_xmit: redirected frames, at the device that they were sent to */
#define NT_FRAME_CPUMAP 5    /* xdp_cpumap_enqueue: at another CPU's queue */
#define NT_FRAME_KTHREAD 6   /* xdp_cpumap_kthread: on that CPU */
#define NT_COOKIE_FRAME_SHIFT 32

/* nt_frame.flags */
#define NT_FRAME_PROGRAM (1u << 0) /* program is known */
#define NT_FRAME_TARGET (1u << 1)  /* target is known */

struct nt_frame {
	struct nt_traced_program program; /* the name is what the kernel keeps of it */
	__u32 verdict; /* the return value of the program: enum xdp_action, or any other number */
	__s32 error;   /* negative errno; 0: none is reported */
	__u32 map;     /* id of the map that a redirect goes through; 0: none */
	__u32 target;  /* of a redirect: ifindex, with a map the key, for a CPU map the CPU */
	__u32 lost;    /* frames */
	__u32 flags;   /* NT_FRAME_ */
};
_Static_assert(sizeof(struct nt_frame) == 72, "nt_frame");

#endif
