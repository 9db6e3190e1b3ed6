/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Records with the packet's bytes. They are as long as their packet, while room in the ring must be reserved by a
 * constant: these records are written in a buffer, and copied to the ring. A buffer is taken from a queue and given
 * back, so that neither an interrupt nor another task on the same CPU can get one that is in use.
 */
#ifndef NETTRACE_PAYLOAD_PROGRAM_H
#define NETTRACE_PAYLOAD_PROGRAM_H

/* Parts of a packet (linear areas and fragments) that are read; MAX_SKB_FRAGS is 17 as a rule and 45 at most. */
#define PAYLOAD_PIECES 64
/* A longer fragment ends the bytes. */
#define PIECE_MAX 65536u

/* include/linux/skbuff.h: skb_frag_t, which was struct bio_vec before 6.9, of the same layout. */
struct skb_piece {
	__u64 page;
	__u32 length;
	__u32 offset;
};

/* Where the reading of a packet is. It stands in the buffer, for there is no room on the stack. */
struct payload_walk {
	__u64 next;      /* the skb after this one in the list of fragments */
	__u64 address;   /* of the next bytes */
	__u64 fragments; /* address of the fragment after those */
	struct skb_piece piece;
	__u32 count;  /* fragments that are left of this skb */
	__u32 length; /* of the next bytes */
	__u32 wanted;
	__u32 done;
};

/* The buffers: a payload_walk and the record. User space sets their size and number (KernelAccess, PayloadBuffers). */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct payload_walk) + NT_EVENT_MAX_SIZE + sizeof(struct nt_payload));
	__uint(max_entries, 1);
} payload_buffers SEC(".maps");

/* Indices of those that are not in use. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(key_size, 0);
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 1);
} free_buffers SEC(".maps");

static __always_inline bool wants_payload(void)
{
	return config.snapshot;
}

/* The same for all records, since they are not of two sizes for the sake of 64 bytes. */
static __always_inline __u32 payload_start(bool has_stack)
{
	return config.record_size + (can_hold_more() ? sizeof(struct nt_packet_more) : 0) +
	       (has_stack ? sizeof(struct nt_stack) : 0);
}

/* A buffer for one record, with the books kept as by reserve(); NULL where none is free. */
static __always_inline struct nt_event *take_buffer(__u32 hook, __u64 counts, __u32 *buffer)
{
	struct nt_counter *counter = admit(hook, 0, counts);
	struct payload_walk *walk;

	if (!counter)
		return NULL;
	if (bpf_map_pop_elem(&free_buffers, buffer)) {
		count_loss(counter, counts);
		return NULL;
	}
	walk = bpf_map_lookup_elem(&payload_buffers, buffer);
	return walk ? (void *)(walk + 1) : NULL;
}

/* Fills the section but for the bytes and their number; `restored`: the packet's view has a VLAN tag that the skb keeps beside the packet. */
static __always_inline void begin_payload(struct nt_payload *section, const struct nt_filter_ctx *packet,
					  const struct sk_buff *w, bool has_tag, bool restored)
{
	section->size = 0;
	section->captured = 0;
	section->length = packet->l3_len + packet->has_l2 * NT_L2_LEN - (restored ? VLAN_HLEN : 0);
	section->flags = packet->has_l2 | (has_tag ? NT_PAYLOAD_VLAN : 0);
	section->vlan_proto = has_tag ? bpf_ntohs(w->vlan_proto) : 0;
	section->vlan_tci = has_tag ? w->vlan_tci : 0;
	__builtin_memset(section->reserved, 0, sizeof(section->reserved));
}

static __always_inline __u64 payload_address(const struct nt_filter_ctx *packet, bool restored)
{
	return packet->l3_address - packet->has_l2 * NT_L2_LEN + (restored ? VLAN_HLEN : 0);
}

/* include/linux/skbuff.h */
#define CHECKSUM_UNNECESSARY 1
#define CHECKSUM_PARTIAL 3

/* NT_PAYLOAD_ flags of the work that is left to devices, or that they have done. Without branches, for the verifier's sake. */
static __always_inline __u16 offload_flags(const struct sk_buff *skb)
{
	const struct skb_shared_info *shared = (const void *)BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, end);
	__u64 sum = BPF_CORE_READ_BITFIELD_PROBED(skb, ip_summed);
	__u16 flags = BPF_CORE_READ(shared, gso_size) != 0 ? NT_PAYLOAD_SEGMENTS : 0;

	flags |= (sum == CHECKSUM_PARTIAL) * NT_PAYLOAD_SUM_PENDING;
	return flags | (sum == CHECKSUM_UNNECESSARY) * NT_PAYLOAD_SUM_VALID;
}

/* The fragments of `skb` come next. */
static __always_inline void enter_skb(struct payload_walk *walk, const struct sk_buff *skb, bool is_first)
{
	const struct skb_shared_info *shared;
	__u64 list = 0;

	shared = (const void *)BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, end);
	walk->count = BPF_CORE_READ(shared, nr_frags);
	walk->fragments = (__u64)shared + bpf_core_field_offset(struct skb_shared_info, frags);
	list = (__u64)BPF_CORE_READ(shared, frag_list);
	if (is_first)
		walk->next = list;
	/* Lists of lists are not followed: what comes after this skb is not what comes next in the packet. */
	else if (list)
		walk->next = 0;
}

/* False at the packet's end, and where the kernel does not show more. */
static __always_inline bool next_piece(struct payload_walk *walk)
{
	const struct sk_buff *skb;

	if (walk->count) {
		if (bpf_probe_read_kernel(&walk->piece, sizeof(walk->piece), (const void *)walk->fragments))
			return false;
		walk->fragments += sizeof(walk->piece);
		walk->count--;
		walk->address = page_memory(walk->piece.page);
		if (!walk->address)
			return false;
		walk->address += walk->piece.offset;
		walk->length = walk->piece.length;
		return true;
	}
	skb = (const struct sk_buff *)walk->next;
	if (!skb)
		return false;
	walk->next = (__u64)BPF_CORE_READ(skb, next);
	walk->address = (__u64)BPF_CORE_READ(skb, data);
	walk->length = BPF_CORE_READ(skb, len) - BPF_CORE_READ(skb, data_len);
	enter_skb(walk, skb, false);
	return true;
}

static __always_inline bool copy_piece(struct payload_walk *walk, void *data)
{
	__u64 done = walk->done, length = walk->length, left = walk->wanted - done;

	if (length > left)
		length = left;
	if (length > PIECE_MAX) {
		length = PIECE_MAX;
		walk->wanted = done + length;
	}
	barrier_var(done);
	barrier_var(length);
	/* Always true; the verifier does not know. */
	if (done > config.snapshot || length > PIECE_MAX || length > config.snapshot)
		return false;
	if (bpf_probe_read_kernel(data + done, length, (const void *)walk->address))
		return false;
	walk->done = done + length;
	return true;
}

static __always_inline void read_payload(struct payload_walk *walk, struct nt_payload *section, const struct sk_buff *skb,
					 __u64 start)
{
	walk->done = 0;
	walk->wanted = section->length < config.snapshot ? section->length : config.snapshot;
	walk->address = start;
	walk->length = (__u32)((__u64)BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, tail) - start);
	enter_skb(walk, skb, true);
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < PAYLOAD_PIECES; i++) {
		if (!copy_piece(walk, section + 1) || walk->done >= walk->wanted || !next_piece(walk))
			break;
	}
	section->captured = walk->done;
	section->flags |= offload_flags(skb);
	if (walk->done < config.snapshot && walk->done < section->length)
		section->flags |= NT_PAYLOAD_UNREADABLE;
}

/*
 * Adds the bytes to the record in `buffer`, passes it on, and gives the buffer back. `start`: address of the first
 * byte; 0: no bytes. A global function, which the verifier looks at once, and not for long where it is not wanted.
 */
__noinline int submit_with_payload(__u32 buffer, __u64 skb, __u64 start)
{
	struct payload_walk *walk;
	struct nt_payload *section;
	struct nt_event *event;
	__u32 hook, offset;
	__u64 size;

	if (!wants_payload())
		return 0;
	walk = bpf_map_lookup_elem(&payload_buffers, &buffer);
	if (!walk)
		return 0;
	event = (struct nt_event *)(walk + 1);
	offset = payload_start(event->sections & NT_SECTION_STACK);
	section = (void *)event + offset;
	if (start)
		read_payload(walk, section, (const struct sk_buff *)skb, start);
	size = (section->captured + 7ull) & ~7ull;
	section->size = size;
	barrier_var(size);
	if (size <= config.snapshot + 7ull) {
		__u64 flags = ring_wants_reader() ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;

		if (bpf_ringbuf_output(&events, event, offset + sizeof(*section) + size, flags)) {
			struct nt_counter *counter;

			hook = event->hook;
			counter = bpf_map_lookup_elem(&counters, &hook);
			if (counter)
				count_loss(counter, event_counts(event->flags));
		}
	}
	bpf_map_push_elem(&free_buffers, &buffer, BPF_ANY);
	return 0;
}

#endif
