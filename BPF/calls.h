/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * From the entry of a function to its return. A call is known by its frame:
 * the place on the kernel stack where its return address stands, which no other
 * running call has. Nesting, recursion, interrupts and switches of tasks all
 * have frames of their own. Only a function that ends by jumping to another one
 * leaves it its frame: such calls return in the opposite order.
 */
#ifndef NETTRACE_CALLS_H
#define NETTRACE_CALLS_H

/* Calls that can share a frame; more in a row are given up. */
#define CALLS_PER_FRAME 4

/* In .rodata: a value this large has no room on the stack. */
static const volatile struct open_call no_call = {};

/* The return address has been taken off the stack when the return is seen (x86: ret). */
static __always_inline __u64 returned_frame(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return PT_REGS_SP(regs) - sizeof(__u64);
#elif defined(__TARGET_ARCH_arm64)
	return PT_REGS_SP(regs);
#endif
}

/* Keeps the record of an entry for its return, where there is room; with NT_EVENT_CALL if that return is shown. */
static __always_inline void open_call(const struct hook_call *call, struct nt_event *entry)
{
	struct call_key key = { .frame = PT_REGS_SP((struct pt_regs *)call->ctx) };
	struct open_call *opened;

#pragma unroll
	for (__u32 depth = 0; depth < CALLS_PER_FRAME; depth++) {
		key.depth = depth;
		if (!bpf_map_lookup_elem(&open_calls, &key))
			break;
	}
	/* Beyond the last depth the entry there is replaced: its return has been missed. */
	if (bpf_map_update_elem(&open_calls, &key, (const void *)&no_call, BPF_ANY))
		return;
	opened = bpf_map_lookup_elem(&open_calls, &key);
	if (!opened)
		return;
	opened->cookie = call->cookie;
	if (!(config.flags & NT_CONFIG_UNSHOWN_RETURNS))
		entry->flags |= NT_EVENT_CALL;
	bpf_probe_read_kernel(opened->entry, config.record_size, entry);
}

/*
 * The call that returns from `frame`; nothing where its entry was not recorded.
 * `cookie` names the function, if that is known (0: not): calls above it on the
 * frame have returned unseen then.
 */
static __always_inline struct open_call *find_call(struct call_key *key, __u64 cookie)
{
	struct open_call *call;

	/* The common case, a packet that nobody asked for, costs one look. */
	key->depth = 0;
	if (!bpf_map_lookup_elem(&open_calls, key))
		return NULL;
#pragma unroll
	for (__u32 above = CALLS_PER_FRAME; above > 0; above--) {
		key->depth = above - 1;
		call = bpf_map_lookup_elem(&open_calls, key);
		if (!call)
			continue;
		if (!cookie || call->cookie == cookie)
			return call;
		bpf_map_delete_elem(&open_calls, key);
	}
	return NULL;
}

/* 1, but 0 for what is neither shown nor counted. */
static __always_inline __u64 event_counts(__u16 flags)
{
	return 1 ^ ((flags | flags >> 4) >> 7 & 1);
}

_Static_assert(NT_EVENT_SILENT == 1u << 7 && NT_EVENT_HIDDEN == 1u << 11, "event_counts");

/*
 * A record that begins like that of an entry, with the stack of now where the hook wants it, and `extra` bytes behind,
 * at `end`. NULL where there is no room.
 */
static __always_inline struct nt_event *repeat_entry(const struct open_call *call, __u64 cookie, struct pt_regs *regs,
						     __u32 extra, void **end)
{
	__u32 hook = cookie_hook(cookie);
	struct nt_stack *stack = NULL;
	struct nt_event *event;
	__u64 counts = event_counts(((const struct nt_event *)call->entry)->flags);

	if (wants_stack(cookie)) {
		event = reserve(hook, 0, config.record_size + sizeof(*stack) + extra, counts);
		if (!event)
			return NULL;
		stack = (void *)event + config.record_size;
		*end = stack + 1;
	} else {
		event = reserve(hook, 0, config.record_size + extra, counts);
		if (!event)
			return NULL;
		*end = (void *)event + config.record_size;
	}
	bpf_probe_read_kernel(event, config.record_size, call->entry);
	event->ts = bpf_ktime_get_ns();
	event->cpu = bpf_get_smp_processor_id();
	event->hook = hook;
	event->flags &= ~(NT_EVENT_CALL | NT_EVENT_DROP | NT_EVENT_REASON | NT_EVENT_FREE);
	event->sections = config.sections | (stack ? NT_SECTION_STACK : 0);
	if (stack)
		emit_stack(stack, regs);
	return event;
}

static __always_inline void emit_return(const struct open_call *call, struct pt_regs *regs)
{
	struct nt_return *section;
	void *end;
	struct nt_event *event = repeat_entry(call, call->cookie, regs, sizeof(*section), &end);

	if (!event)
		return;
	section = end;
	section->value = PT_REGS_RC(regs);
	section->entered = ((const struct nt_event *)call->entry)->ts;
	event->flags |= NT_EVENT_RETURN;
	event->sections |= NT_SECTION_RETURN;
	submit(event);
}

static __always_inline void trace_return(struct pt_regs *regs, __u64 cookie)
{
	struct call_key key = { .frame = returned_frame(regs) };
	struct open_call *call = find_call(&key, cookie);

	if (!call)
		return;
	if (!(config.flags & NT_CONFIG_UNSHOWN_RETURNS))
		emit_return(call, regs);
	bpf_map_delete_elem(&open_calls, &key);
}

#endif
