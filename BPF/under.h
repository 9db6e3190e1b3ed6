/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Functions without an skb that run under one that has it (-t +NAME). Each
 * traced function notes its frame, the place of its return address, for the
 * kernel stack that it runs on. The innermost frame above the current one
 * whose call still runs names the packet. That call still runs if the kernel
 * has put its trampoline in place of the return address (calls.h sees all
 * returns then) and the return has not been seen. A call of an unwanted packet
 * notes its frame as well: what runs under it belongs to nobody.
 */
#ifndef NETTRACE_UNDER_PROGRAM_H
#define NETTRACE_UNDER_PROGRAM_H

const volatile struct nt_under_config under_config = {};

/* Traced functions that call each other; what runs under more of them is not shown. */
#define FRAMES_PER_STACK 24

struct traced_frame {
	__u64 frame;
	__u64 skb;
	__u64 caller; /* the return address at the entry; the trampoline where the probe of the return came first */
};

/* From the outermost on; a frame of 0 ends them. */
struct traced_frames {
	struct traced_frame of[FRAMES_PER_STACK];
};

/* In .rodata: a value this large has no room on the stack. */
static const volatile struct traced_frames no_frames = {};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct traced_frames);
} frames_by_stack SEC(".maps");

#if defined(__TARGET_ARCH_x86)
#define EFLAGS_INTERRUPTS 0x200 /* X86_EFLAGS_IF, arch/x86/include/uapi/asm/processor-flags.h */

/* Its first address; of stacks that belong to a processor, such as that of interrupts, the processor's number. */
static __always_inline __u64 stack_of(__u64 address)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	__u64 own = (__u64)BPF_CORE_READ(task, stack);

	return address - own < THREAD_SIZE ? own : bpf_get_smp_processor_id();
}

static __always_inline bool is_of_processor(__u64 stack)
{
	return stack >> 32 == 0;
}

/*
 * At the entry of a traced function. Frames at or below this one have ended, for the stack grows down. A function of its
 * own, and a global one, for the sake of the stack and of the verifier, which looks at it once.
 */
__noinline int remember_frame(__u64 frame, __u64 skb)
{
	__u64 stack = stack_of(frame), caller = 0;
	struct traced_frames *frames = bpf_map_lookup_elem(&frames_by_stack, &stack);

	if (!frames) {
		bpf_map_update_elem(&frames_by_stack, &stack, (const void *)&no_frames, BPF_ANY);
		frames = bpf_map_lookup_elem(&frames_by_stack, &stack);
		if (!frames)
			return 0;
	}
	bpf_probe_read_kernel(&caller, sizeof(caller), (const void *)frame);
	for (__u32 i = 0; i < FRAMES_PER_STACK; i++) {
		struct traced_frame *traced = &frames->of[i];

		if (traced->frame > frame)
			continue;
		traced->frame = frame;
		traced->caller = caller;
		/* The last one stands for all under it: they belong to nobody. */
		traced->skb = i + 1 < FRAMES_PER_STACK ? skb : 0;
		if (i + 1 < FRAMES_PER_STACK)
			frames->of[i + 1].frame = 0;
		break;
	}
	return 0;
}

static __always_inline bool is_trampoline(__u64 address)
{
	bool is = false;

#pragma unroll
	for (__u32 i = 0; i < NT_TRAMPOLINES; i++)
		is |= address && address == under_config.trampolines[i];
	return is;
}

/* The innermost frame at or above `sp` that a call still has, and its skb; 0: no such frame, or nobody wants its packet. */
static __always_inline __u64 innermost_frame(__u64 stack, __u64 sp, __u64 *skb)
{
	const struct traced_frames *frames = bpf_map_lookup_elem(&frames_by_stack, &stack);
	__u64 innermost = 0;

	*skb = 0;
	if (!frames)
		return 0;
	for (__u32 i = 0; i < FRAMES_PER_STACK; i++) {
		const struct traced_frame *traced = &frames->of[i];
		__u64 word = 0;

		if (!traced->frame)
			break;
		if (traced->frame - sp >= THREAD_SIZE)
			continue;
		bpf_probe_read_kernel(&word, sizeof(word), (const void *)traced->frame);
		if (is_trampoline(word)) {
			innermost = traced->frame;
			*skb = traced->skb;
		} else if (word == traced->caller) {
			/* The end of this call will not be seen, or has not been. */
			innermost = 0;
		}
	}
	return innermost;
}

/* The call under which the function that begins here runs; NULL where none of a wanted packet is seen. */
static __always_inline const struct open_call *surrounding_call(struct pt_regs *regs)
{
	__u64 sp = PT_REGS_SP(regs), stack = stack_of(sp), skb;
	struct call_key key = { .frame = innermost_frame(stack, sp, &skb) };

	if (!key.frame || !skb)
		return NULL;
	/*
	 * An interrupt that stops a softirq runs on the same stack, and is none of the packet's: arch/x86/include/asm/irq_stack.h.
	 * It has interrupts off.
	 */
	if (is_of_processor(stack) && !(regs->flags & EFLAGS_INTERRUPTS))
		return NULL;
#pragma unroll
	for (__u32 above = CALLS_PER_FRAME; above > 0; above--) {
		const struct open_call *call;
		const struct nt_event *entry;

		key.depth = above - 1;
		call = bpf_map_lookup_elem(&open_calls, &key);
		if (!call)
			continue;
		entry = (const void *)call->entry;
		if (entry->skb != skb)
			return NULL;
		/* The skb has ended since, or has become another packet's. */
		if (tracking() && packet_of(skb) != entry->ctx)
			return NULL;
		return call;
	}
	return NULL;
}

/* Where the section stands in the records of entries. */
static __always_inline __u32 caller_offset(void)
{
	return sizeof(struct nt_event) + (config.sections & NT_SECTION_PACKET ? sizeof(struct nt_packet) : 0) +
	       (config.sections & NT_SECTION_DEVICE ? sizeof(struct nt_device) : 0) +
	       (config.sections & NT_SECTION_TASK ? sizeof(struct nt_task) : 0) +
	       (config.sections & NT_SECTION_META ? sizeof(struct nt_meta) : 0);
}

/* The packet is shown as it was at the entry of the surrounding call. */
static __always_inline void emit_under(const struct open_call *around, const struct hook_call *call)
{
	struct pt_regs *regs = (struct pt_regs *)call->ctx;
	void *end;
	struct nt_event *event = repeat_entry(around, call->cookie, regs, 0, &end);

	if (!event)
		return;
	event->location = 0;
	event->reason = 0;
	if (config.sections & NT_SECTION_CALLER)
		((struct nt_caller *)((void *)event + caller_offset()))->address = return_address(regs);
	if (wants_return(call->cookie))
		open_call(call, event);
	submit(event);
}

/* A section of its own kind for libbpf: there is no packet filter to insert (PacketFilterSlot). */
SEC("kprobe/under")
int nt_under(struct pt_regs *regs)
{
	struct hook_call call = { .ctx = regs, .is_function = true };
	const struct open_call *around;

	if (!gate_open)
		return 0;
	around = surrounding_call(regs);
	if (!around)
		return 0;
	call.cookie = cookie_of_kprobe(regs);
	if (call.cookie)
		emit_under(around, &call);
	return 0;
}
#else
/* Elsewhere the return address is not on the stack at the entry: user space refuses such tracers. */
static __always_inline int remember_frame(__u64 frame, __u64 skb)
{
	return 0;
}

SEC("kprobe/under")
int nt_under(struct pt_regs *regs)
{
	return 0;
}
#endif

#endif
