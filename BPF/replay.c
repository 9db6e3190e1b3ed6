/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "nettrace_replay.h"

#include <stdint.h>
#include <string.h>

static inline void nt_read(const struct nt_filter_ctx *packet, __u32 offset, void *to, __u32 size)
{
	__u32 there = offset < packet->l3_linear ? packet->l3_linear - offset : 0;

	memset(to, 0, size);
	memcpy(to, (const __u8 *)(uintptr_t)packet->l3_address + (there ? offset : 0), there < size ? there : size);
}

static inline void nt_blur(void *to, const void *from, __u32 size)
{
	memcpy(to, from, size);
}

#include "nettrace_inner.h"

_Static_assert((__u32)NETTRACE_INSIDE_TUNNELS == NT_INSIDE_TUNNELS, "the same bits");
_Static_assert((__u32)NETTRACE_INSIDE_ERRORS == NT_INSIDE_ERRORS, "the same bits");
_Static_assert(NETTRACE_INNER_PACKETS == NT_MAX_INNER, "as many");

void nettrace_skip_to_headers(struct nt_filter_ctx *packet, bool sees_extensions)
{
	nt_skip_tags(packet);
	if (!sees_extensions)
		nt_skip_extensions(packet);
}

bool nettrace_enter(struct nt_filter_ctx *packet, __u32 inside)
{
	return nt_enter(packet, inside);
}

bool nettrace_address(struct nt_address_key *key, const struct nt_filter_ctx *packet, __u16 set, bool is_destination)
{
	return nt_address_key(key, packet, set, is_destination);
}

__u32 nettrace_ports(__u16 *source, __u16 *destination, const struct nt_filter_ctx *packet)
{
	return nt_find_ports(source, destination, packet);
}

void nettrace_read(const struct nt_filter_ctx *packet, __u32 offset, void *to, __u32 size)
{
	nt_read(packet, offset, to, size);
}
