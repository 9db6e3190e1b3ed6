/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * One run of a traced BPF program, from its entry to its return. The packet is
 * filtered as the program gets it; its record waits until the program has ended.
 */
#ifndef NETTRACE_RUN_RECORD_H
#define NETTRACE_RUN_RECORD_H

/* Programs run nested where one clones and redirects: several on a CPU, each with a context of its own. */
struct run_key {
	__u64 context; /* the program's argument: struct xdp_buff *, struct sk_buff * */
	__u64 cookie;
};

struct open_run {
	__u64 head; /* of the buffer */
	__u64 data; /* where the packet begins */
	__u32 mark; /* of the skb */
	__u32 reserved;
	__u8 entry[NT_ENTRY_MAX_SIZE]; /* config.record_size bytes of it */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct run_key);
	__type(value, struct open_run);
} open_runs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nt_traced_program);
} traced_programs SEC(".maps");

/* In .rodata: a value this large has no room on the stack. */
static const volatile struct open_run no_run = {};

/* The packet's buffer, at the program's entry or at its end. */
struct run_buffer {
	__u64 head;
	__u64 data;
	__u32 linear; /* bytes from data on that can be read */
	__u32 len;    /* all bytes from data on */
};

/* Reads a packet that starts with its Ethernet header. Returns false if the buffer holds no such header. */
static __always_inline bool read_frame(struct nt_filter_ctx *packet, const struct run_buffer *buffer)
{
	if (buffer->linear < NT_L2_LEN)
		return false;
	if (bpf_probe_read_kernel(packet->data, NT_SNAPLEN, (const void *)buffer->data))
		return false;
	packet->protocol = packet->data[12] << 8 | packet->data[13];
	packet->has_l2 = 1;
	packet->l3_address = buffer->data + NT_L2_LEN;
	packet->l3_len = buffer->len - NT_L2_LEN;
	packet->l3_linear = buffer->linear - NT_L2_LEN;
	packet->data_offset = -NT_L2_LEN;
	packet->caplen = packet->l3_linear;
	if (packet->caplen > NT_L3_SNAPLEN)
		packet->caplen = NT_L3_SNAPLEN;
	return packet->protocol != 0;
}

static __always_inline struct run_key run_key(const struct hook_call *call)
{
	return (struct run_key){ .context = *(const __u64 *)call->ctx, .cookie = call->cookie };
}

/* Keeps the record of the entry. */
static __always_inline void open_run(const struct hook_call *call, const struct sk_buff *w,
				     const struct nt_filter_ctx *packet, const struct place *place,
				     const struct run_buffer *buffer, __u64 ctx, __u16 flags)
{
	struct run_key key = run_key(call);
	struct open_run *run;
	struct nt_event *event;
	void *at;

	if (bpf_map_update_elem(&open_runs, &key, (const void *)&no_run, BPF_ANY))
		return;
	run = bpf_map_lookup_elem(&open_runs, &key);
	if (!run)
		return;
	run->head = buffer->head;
	run->data = buffer->data;
	run->mark = w->mark;
	event = (void *)run->entry;
	event->ts = bpf_ktime_get_ns();
	event->skb = (__u64)call->skb;
	event->ctx = ctx;
	event->len = buffer->len;
	event->hook = cookie_hook(call->cookie);
	event->flags = event_flags(call, packet) | flags;
	event->sections = config.sections | NT_SECTION_RUN;
	event->protocol = packet->protocol;
	event->vlan_proto = flags & NT_EVENT_VLAN ? bpf_ntohs(w->vlan_proto) : 0;
	event->vlan_tci = flags & NT_EVENT_VLAN ? w->vlan_tci : 0;
	event->data_offset = packet->data_offset;

	at = event + 1;
	if (config.sections & NT_SECTION_PACKET)
		at = emit_packet(at, packet);
	emit_surroundings(at, call, w, place);
}

/* The packet as the program has left it. */
static __always_inline void read_after(struct nt_run *section, const struct run_buffer *buffer, bool has_l2)
{
	__u32 l2 = has_l2 ? NT_L2_LEN : 0;
	__u8 *data = section->after.data;
	__u32 captured;

	section->after.caplen = 0;
	section->protocol = 0;
	if (buffer->linear <= l2)
		return;
	captured = buffer->linear - l2;
	if (has_l2) {
		if (bpf_probe_read_kernel(data, NT_SNAPLEN, (const void *)buffer->data))
			return;
		section->protocol = data[12] << 8 | data[13];
	} else {
		__builtin_memset(data, 0, NT_L2_LEN);
		if (bpf_probe_read_kernel(data + NT_L2_LEN, NT_L3_SNAPLEN, (const void *)buffer->data))
			return;
		section->protocol = ip_ethertype(data[NT_L2_LEN]);
	}
	section->after.caplen = captured < NT_L3_SNAPLEN ? captured : NT_L3_SNAPLEN;
}

/* Writes the record of a run that has ended; `buffer` is what it has left. */
static __always_inline struct nt_run *close_run(const struct open_run *run, const struct hook_call *call,
						const struct run_buffer *buffer, struct nt_event **record)
{
	const struct nt_event *entry = (const void *)run->entry;
	__u32 hook = cookie_hook(call->cookie);
	struct nt_traced_program *program = bpf_map_lookup_elem(&traced_programs, &hook);
	struct nt_event *event;
	struct nt_run *section;

	if (!program)
		return NULL;
	event = reserve(hook, 0, config.record_size + sizeof(*section), event_counts(entry->flags));
	if (!event)
		return NULL;
	bpf_probe_read_kernel(event, config.record_size, entry);
	section = (void *)event + config.record_size;
	section->program = *program;
	section->entered = event->ts;
	event->ts = bpf_ktime_get_ns();
	event->cpu = bpf_get_smp_processor_id();
	section->len = buffer->len;
	section->flags = 0;
	section->front = 0;
	/* In another buffer nothing shows how far the packet has moved. */
	if (run->head == buffer->head) {
		section->front = run->data - buffer->data;
		section->flags = NT_RUN_FRONT;
	}
	section->map = 0;
	section->target = 0;
	section->vlan_proto = 0;
	section->vlan_tci = 0;
	section->mark = 0;
	read_after(section, buffer, event->flags & NT_EVENT_L2);
	*record = event;
	return section;
}

/*
 * The result stands after the arguments: one, or five where the kernel does not
 * trust the program's prototype. Read before all else: a position that the
 * target does not have makes the load fail, which is how user space finds out.
 */
static __always_inline __s32 run_result(const struct hook_call *call)
{
	__u64 result;

	/* In assembler: the compiler would work out one address and load once, which the verifier does not allow on a context. */
	if ((call->cookie >> NT_COOKIE_RESULT_SHIFT & 0xffff) == 5)
		asm volatile("%[result] = *(u64 *)(%[ctx] + 40)" : [result] "=r"(result) : [ctx] "r"(call->ctx));
	else
		asm volatile("%[result] = *(u64 *)(%[ctx] + 8)" : [result] "=r"(result) : [ctx] "r"(call->ctx));
	return result;
}

#endif
