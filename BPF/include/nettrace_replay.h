/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the programs in the kernel do with a packet before they filter it, for a
 * packet of a recording: the same text (nettrace_views.h, nettrace_inner.h).
 * l3_address is a pointer to l3_linear bytes, which must stay until the last call.
 */
#ifndef NETTRACE_REPLAY_H
#define NETTRACE_REPLAY_H

#include <stdbool.h>
#include "nettrace_filter.h"

/* Bits of `inside`. */
enum nettrace_inside {
	NETTRACE_INSIDE_TUNNELS = 1,
	NETTRACE_INSIDE_ERRORS = 2,
};

/* Packets inside of each other that are looked at, beside the outermost. */
#define NETTRACE_INNER_PACKETS 3

/* Past the tags that stand before L3, and the extension headers before TCP, UDP and SCTP unless the filter asks about them. */
void nettrace_skip_to_headers(struct nt_filter_ctx *packet, bool sees_extensions);
/* To the packet inside. False, and anything in `packet`, where there is none. */
bool nettrace_enter(struct nt_filter_ctx *packet, __u32 inside);
/* False where the packet has no such address. */
bool nettrace_address(struct nt_address_key *key, const struct nt_filter_ctx *packet, __u16 set, bool is_destination);
/* How many ports the packet has: 2, or less where it ends before. */
__u32 nettrace_ports(__u16 *source, __u16 *destination, const struct nt_filter_ctx *packet);
/* Up to `size` bytes at an offset from L3, and zeros. */
void nettrace_read(const struct nt_filter_ctx *packet, __u32 offset, void *to, __u32 size);

#endif
