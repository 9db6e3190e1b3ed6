/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Frames that XDP has lost, by the tracepoints of include/trace/events/xdp.h.
 * They name the device and the program, but not the packet: where a filter asks
 * for more than the device, nothing is known to match.
 */
#ifndef NETTRACE_FRAME_LOSS_H
#define NETTRACE_FRAME_LOSS_H

#define FILTERS_OF_PACKETS \
	(NT_CONFIG_FILTER_PACKET | NT_CONFIG_FILTER_LEN | NT_CONFIG_FILTER_MARK | NT_CONFIG_FILTER_PID | NT_CONFIG_FILTER_OWNER)

#define XDP_TX 3
#define REDIRECT_WITHOUT_MAP 0x7fffffff /* INT_MAX as the id of a map: bpf_redirect() */

struct frame_record {
	struct nt_event head;
	struct nt_device device;
	struct nt_frame frame;
};

struct frame_record_with_stack {
	struct nt_event head;
	struct nt_device device;
	struct nt_stack stack;
	struct nt_frame frame;
};

struct frame_loss {
	const struct net_device *dev;
	const struct bpf_prog *program;
	struct nt_frame facts; /* but for the program */
	bool is_loss;
};

static __always_inline __u32 lost_frames(const struct hook_call *call, __u32 position)
{
	__s32 frames = tracepoint_argument(call->ctx, position);

	return frames > 0 ? frames : 0;
}

/* A driver that reports a redirect which has failed repeats xdp_redirect_err; of a frame that passes it builds an skb. */
static __always_inline bool is_frame_lost(__u32 verdict)
{
	return verdict == 0 || verdict == XDP_TX || verdict > XDP_REDIRECT;
}

/* dev, xdp, tgt, err, and from 5.13 on map_type, map_id, index, before that map, index. */
static __always_inline void read_failed_redirect(struct frame_loss *loss, const struct hook_call *call)
{
	const struct bpf_redirect_info *info = NULL;
	const struct bpf_map *map;

	loss->facts.error = tracepoint_argument(call->ctx, 4);
	loss->facts.flags = NT_FRAME_TARGET;
	if (bpf_core_field_exists(info->map_id)) {
		loss->facts.map = tracepoint_argument(call->ctx, 6);
		loss->facts.target = tracepoint_argument(call->ctx, 7);
	} else {
		map = (const void *)tracepoint_argument(call->ctx, 5);
		loss->facts.map = map ? BPF_CORE_READ(map, id) : 0;
		loss->facts.target = tracepoint_argument(call->ctx, 6);
	}
	/* The id is reset before the redirect: 0 stands for a map that is gone, or for a redirect that no program has asked for. */
	if (loss->facts.map == REDIRECT_WITHOUT_MAP)
		loss->facts.map = 0;
}

/* False where nothing is lost: some tracepoints fire for each batch of frames. */
static __always_inline bool read_loss(struct frame_loss *loss, const struct hook_call *call)
{
	loss->facts.verdict = XDP_REDIRECT;
	loss->facts.lost = 1;
	loss->is_loss = true;
	switch (call->cookie >> NT_COOKIE_FRAME_SHIFT & 0xffff) {
	case NT_FRAME_EXCEPTION:
		loss->dev = (const void *)tracepoint_argument(call->ctx, 1);
		loss->program = (const void *)tracepoint_argument(call->ctx, 2);
		loss->facts.verdict = tracepoint_argument(call->ctx, 3);
		loss->is_loss = is_frame_lost(loss->facts.verdict);
		return true;
	case NT_FRAME_REDIRECT:
		loss->dev = (const void *)tracepoint_argument(call->ctx, 1);
		loss->program = (const void *)tracepoint_argument(call->ctx, 2);
		read_failed_redirect(loss, call);
		return true;
	case NT_FRAME_BULK_TX:
		loss->dev = (const void *)tracepoint_argument(call->ctx, 1);
		loss->facts.verdict = XDP_TX;
		loss->facts.lost = lost_frames(call, 3);
		loss->facts.error = tracepoint_argument(call->ctx, 4);
		break;
	case NT_FRAME_DEVMAP:
		loss->dev = (const void *)tracepoint_argument(call->ctx, 2);
		loss->facts.lost = lost_frames(call, 4);
		loss->facts.error = tracepoint_argument(call->ctx, 5);
		break;
	case NT_FRAME_CPUMAP:
		loss->facts.map = tracepoint_argument(call->ctx, 1);
		loss->facts.lost = lost_frames(call, 3);
		loss->facts.target = tracepoint_argument(call->ctx, 4);
		loss->facts.flags = NT_FRAME_TARGET;
		break;
	case NT_FRAME_KTHREAD:
		loss->facts.map = tracepoint_argument(call->ctx, 1);
		loss->facts.lost = lost_frames(call, 3);
		loss->facts.target = bpf_get_smp_processor_id();
		loss->facts.flags = NT_FRAME_TARGET;
		break;
	}
	return loss->facts.lost;
}

static __always_inline void emit_frame(struct nt_frame *frame, const struct frame_loss *loss)
{
	const struct bpf_prog *program = loss->program;
	const struct bpf_prog_aux *aux;

	*frame = loss->facts;
	if (!program)
		return;
	frame->flags |= NT_FRAME_PROGRAM;
	aux = BPF_CORE_READ(program, aux);
	frame->program.id = BPF_CORE_READ(aux, id);
	frame->program.type = BPF_PROG_TYPE_XDP;
	BPF_CORE_READ_INTO(&frame->program.tag, program, tag);
	bpf_core_read_str(frame->program.name, BPF_OBJ_NAME_LEN, &aux->name);
}

static __always_inline void emit_frame_head(struct nt_event *event, const struct hook_call *call,
					    const struct frame_loss *loss)
{
	__builtin_memset(event, 0, sizeof(*event));
	event->ts = bpf_ktime_get_ns();
	event->hook = cookie_hook(call->cookie);
	event->sections = NT_SECTION_DEVICE | NT_SECTION_FRAME;
	event->cpu = bpf_get_smp_processor_id();
	if (in_interrupt(hook_stack(call)))
		event->flags = NT_EVENT_INTERRUPT;
	if (!loss->is_loss)
		return;
	event->flags |= NT_EVENT_DROP | NT_EVENT_FREE;
	/* A packet that begins and ends here. */
	if (tracking())
		event->ctx = event->skb = new_packet();
}

static __always_inline void trace_frame_loss(const struct hook_call *call)
{
	__u32 hook = cookie_hook(call->cookie);
	struct frame_record_with_stack *long_record;
	struct frame_record *record;
	struct frame_loss loss = {};
	struct skb_window window;
	struct place place = {};

	if (config.flags & FILTERS_OF_PACKETS || !read_loss(&loss, call))
		return;
	if (loss.dev)
		read_device(&place, loss.dev);
	if (!match_place(&place, read_window(&window, NULL)))
		return;
	if (wants_stack(call->cookie)) {
		long_record = (void *)reserve(hook, 0, sizeof(*long_record), 1);
		if (!long_record)
			return;
		emit_frame_head(&long_record->head, call, &loss);
		long_record->head.sections |= NT_SECTION_STACK;
		emit_device(&long_record->device, &place);
		emit_stack(&long_record->stack, call->ctx);
		emit_frame(&long_record->frame, &loss);
		submit(&long_record->head);
		return;
	}
	record = (void *)reserve(hook, 0, sizeof(*record), 1);
	if (!record)
		return;
	emit_frame_head(&record->head, call, &loss);
	emit_device(&record->device, &place);
	emit_frame(&record->frame, &loss);
	submit(&record->head);
}

/* Under another name of the same kind: these have no packet filter for user space to replace. */
SEC("raw_tracepoint")
int nt_frame_tracepoint(void *ctx)
{
	struct hook_call call = { .cookie = bpf_get_attach_cookie(ctx), .ctx = ctx, .is_function = false };

	if (gate_open)
		trace_frame_loss(&call);
	return 0;
}

SEC("raw_tracepoint")
int nt_frame_tracepoint_template(void *ctx)
{
	struct hook_call call = { .ctx = ctx, .is_function = false };

	asm volatile("%[cookie] = " NT_STRINGIFY(NT_COOKIE_MARKER) " ll" : [cookie] "=r"(call.cookie));
	if (gate_open)
		trace_frame_loss(&call);
	return 0;
}

#endif
