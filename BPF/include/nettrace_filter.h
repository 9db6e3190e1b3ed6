/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The parts of a packet filter that are not a pcap-filter(7) expression: long
 * lists of addresses and ports, which are looked up in maps, and the views of a
 * packet that the filter is run on.
 */
#ifndef NETTRACE_FILTER_ABI_H
#define NETTRACE_FILTER_ABI_H

#include "nettrace_abi.h"

/* nt_config.sets: the lists that there are. A packet has to be in each of them. */
#define NT_SET_SADDR (1u << 0)
#define NT_SET_DADDR (1u << 1)
#define NT_SET_ADDR (1u << 2) /* either end */
#define NT_SET_SPORT (1u << 3)
#define NT_SET_DPORT (1u << 4)
#define NT_SET_PORT (1u << 5)
#define NT_SET_ADDRESSES (NT_SET_SADDR | NT_SET_DADDR | NT_SET_ADDR)
#define NT_SET_PORTS (NT_SET_SPORT | NT_SET_DPORT | NT_SET_PORT)

/*
 * An address or network of a list: the key of a trie (BPF_MAP_TYPE_LPM_TRIE),
 * or of a hash table where all of them are single addresses.
 */
struct nt_address_key {
	__u32 prefix; /* bits of what follows that count */
	__u16 set;    /* NT_SET_ */
	__u16 family; /* 4 or 6 */
	__u8 address[16];
};
_Static_assert(sizeof(struct nt_address_key) == 24, "nt_address_key");

#define NT_ADDRESS_KEY_PREFIX 32 /* bits before the address, which always count */

/* All ports of the lists, a bit each: list NT_SET_SPORT << N has row N. */
#define NT_PORT_SETS 3
#define NT_PORT_WORDS 1024
struct nt_port_sets {
	__u64 words[NT_PORT_SETS][NT_PORT_WORDS];
};

#endif
