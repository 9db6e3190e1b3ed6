/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Long lists of addresses and ports: each takes one look into a map, however long it is. */
#ifndef NETTRACE_FILTER_SETS_H
#define NETTRACE_FILTER_SETS_H

static __always_inline void nt_read(const struct nt_filter_ctx *packet, __u32 offset, void *to, __u32 size)
{
	bpf_probe_read_kernel(to, size, (const void *)(packet->l3_address + offset));
}

#include "nettrace_inner.h"

static __always_inline bool is_address_in(const struct nt_filter_ctx *packet, __u16 set, bool is_destination)
{
	struct nt_address_key key;

	return nt_address_key(&key, packet, set, is_destination) && bpf_map_lookup_elem(&filter_addresses, &key);
}

static __always_inline bool match_addresses(const struct nt_filter_ctx *packet)
{
	if (config.sets & NT_SET_SADDR && !is_address_in(packet, NT_SET_SADDR, false))
		return false;
	if (config.sets & NT_SET_DADDR && !is_address_in(packet, NT_SET_DADDR, true))
		return false;
	if (config.sets & NT_SET_ADDR && !is_address_in(packet, NT_SET_ADDR, false) &&
	    !is_address_in(packet, NT_SET_ADDR, true))
		return false;
	return true;
}

/* `row`: 0 for sources, 1 for destinations, 2 for either. */
static __always_inline bool is_port_in(const struct nt_port_sets *sets, __u32 row, __u16 port)
{
	return sets->words[row][port / 64] >> (port % 64) & 1;
}

static __always_inline bool match_ports(const struct nt_filter_ctx *packet)
{
	__u32 key = 0;
	const struct nt_port_sets *sets = bpf_map_lookup_elem(&filter_ports, &key);
	__u16 source = 0, destination = 0;
	__u32 there = nt_find_ports(&source, &destination, packet);

	if (!sets || !there)
		return false;
	if (config.sets & NT_SET_SPORT && !is_port_in(sets, 0, source))
		return false;
	if (config.sets & NT_SET_DPORT && !(there > 1 && is_port_in(sets, 1, destination)))
		return false;
	if (config.sets & NT_SET_PORT && !is_port_in(sets, 2, source) &&
	    !(there > 1 && is_port_in(sets, 2, destination)))
		return false;
	return true;
}

/* A function of its own, for the sake of the stack. */
static __noinline bool match_sets(const struct nt_filter_ctx *packet)
{
	return (!(config.sets & NT_SET_ADDRESSES) || match_addresses(packet)) &&
	       (!(config.sets & NT_SET_PORTS) || match_ports(packet));
}

#endif
