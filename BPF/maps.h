/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The maps that events of packets need; other maps stand with their programs. User space sets sizes that depend on the plan. */
#ifndef NETTRACE_MAPS_H
#define NETTRACE_MAPS_H

struct tracked_skb {
	__u64 ctx;  /* the packet's number, nt_event.ctx */
	__u64 head; /* skb->head when last seen; 0: not seen since it was linked */
};

/* What else there is to recognise a packet by, where copies or ends are not seen. */
struct tracked_buffer {
	__u64 ctx;
	__u64 header;    /* address of the network header */
	__u64 signature; /* of the packet there, signature.h; 0: none could be read yet */
	__u64 ts;        /* ns: when last seen */
	__u64 origin;    /* where it was first seen: track.h, place_of() */
};

struct call_key {
	__u64 frame; /* where the return address stands on the stack */
	__u64 depth; /* above the calls that left it their frame */
};

struct open_call {
	__u64 cookie;
	__u8 entry[NT_ENTRY_MAX_SIZE]; /* the record of the entry, config.record_size bytes of it */
};

/* Records on their way to user space. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} events SEC(".maps");

/* One entry per hook: matched = delivered + lost is checked against it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nt_counter);
} counters SEC(".maps");

/* Function address → cookie, for kernels whose kprobes carry none. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, __u64);
} hook_by_address SEC(".maps");

/* --pid, --comm: sockets that a process was seen to use: NT_WANTED or not, so that its packets are known in softirq. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, __u8);
} sockets_of_pid SEC(".maps");

/* Live skbs of packets that matched: address → packet. LRU, since not every end is seen on every kernel. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct tracked_skb);
} tracked_skbs SEC(".maps");

/* --ret: functions that were entered and have not returned. LRU, since a return can be missed. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct call_key);
	__type(value, struct open_call);
} open_calls SEC(".maps");

/* Data buffers of these skbs: skb->head → packet. Clones share it; only needed where copies or ends are not seen. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct tracked_buffer);
} tracked_buffers SEC(".maps");

/* Addresses and networks of long lists. User space makes it a hash table where there are no networks. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct nt_address_key);
	__type(value, __u8);
} filter_addresses SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nt_port_sets);
} filter_ports SEC(".maps");

#endif
