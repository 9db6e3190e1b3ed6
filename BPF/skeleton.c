// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Hands the generated skeleton to Swift as plain pointers, so that its types stay in this file. */
#include "nettrace_bpf.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include "nettrace.skel.h"

int nettrace_object_open(struct nettrace_object *object, __u32 log_level, const char *types)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .kernel_log_level = log_level, .btf_custom_path = types);
	struct nettrace_bpf *skeleton = nettrace_bpf__open_opts(&options);

	if (!skeleton)
		return -errno;
	object->skeleton = skeleton;
	object->config = (struct nt_config *)&skeleton->rodata->config;
	object->drop_config = (struct nt_drop_config *)&skeleton->rodata->drop_config;
	object->limits = (struct nt_limits *)&skeleton->rodata->limits;
	object->tcp_config = (struct nt_tcp_config *)&skeleton->rodata->tcp_config;
	object->wanted_config = (struct nt_wanted_config *)&skeleton->rodata->wanted_config;
	object->under_config = (struct nt_under_config *)&skeleton->rodata->under_config;
	object->kprobe_multi = skeleton->progs.nt_kprobe_multi;
	object->kprobe_multi_first = skeleton->progs.nt_kprobe_multi_first;
	object->kretprobe_multi = skeleton->progs.nt_kretprobe_multi;
	object->kprobe_session = skeleton->progs.nt_kprobe_session;
	object->kprobe = skeleton->progs.nt_kprobe;
	object->kprobe_first = skeleton->progs.nt_kprobe_first;
	object->kretprobe = skeleton->progs.nt_kretprobe;
	object->under = skeleton->progs.nt_under;
	object->tracepoint = skeleton->progs.nt_tracepoint;
	object->tracepoint_template = skeleton->progs.nt_tracepoint_template;
	object->drop_summary = skeleton->progs.nt_drop_summary;
	object->sock_kprobe_multi = skeleton->progs.nt_sock_kprobe_multi;
	object->sock_kprobe = skeleton->progs.nt_sock_kprobe;
	object->sock_tracepoint = skeleton->progs.nt_sock_tracepoint;
	object->sock_tracepoint_template = skeleton->progs.nt_sock_tracepoint_template;
	object->frame_tracepoint = skeleton->progs.nt_frame_tracepoint;
	object->frame_tracepoint_template = skeleton->progs.nt_frame_tracepoint_template;
	object->xdp_enter_template = skeleton->progs.nt_xdp_enter_template;
	object->xdp_leave_template = skeleton->progs.nt_xdp_leave_template;
	object->tc_enter_template = skeleton->progs.nt_tc_enter_template;
	object->tc_leave_template = skeleton->progs.nt_tc_leave_template;
	object->tcp_segment = skeleton->progs.nt_tcp_segment;
	object->tcp_state = skeleton->progs.nt_tcp_state;
	object->tcp_destroy = skeleton->progs.nt_tcp_destroy;
	object->tcp_reset = skeleton->progs.nt_tcp_reset;
	object->tcp_refresh = skeleton->progs.nt_tcp_refresh;
	object->events = skeleton->maps.events;
	object->counters = skeleton->maps.counters;
	object->hook_by_address = skeleton->maps.hook_by_address;
	object->sockets_of_pid = skeleton->maps.sockets_of_pid;
	object->wanted = skeleton->maps.wanted;
	object->tracked_skbs = skeleton->maps.tracked_skbs;
	object->tracked_buffers = skeleton->maps.tracked_buffers;
	object->open_calls = skeleton->maps.open_calls;
	object->frames_by_stack = skeleton->maps.frames_by_stack;
	object->open_runs = skeleton->maps.open_runs;
	object->traced_programs = skeleton->maps.traced_programs;
	object->drop_rows = skeleton->maps.drop_rows;
	object->drop_others = skeleton->maps.drop_others;
	object->tcp_connections = skeleton->maps.tcp_connections;
	object->tcp_unwanted = skeleton->maps.tcp_unwanted;
	object->tcp_counters = skeleton->maps.tcp_counters;
	object->rtt_rows = skeleton->maps.rtt_rows;
	object->filter_addresses = skeleton->maps.filter_addresses;
	object->filter_ports = skeleton->maps.filter_ports;
	return 0;
}

const void *nettrace_object_types(const struct nettrace_object *object)
{
	return bpf_object__btf(((const struct nettrace_bpf *)object->skeleton)->obj);
}

struct bpf_map *nettrace_object_map(const struct nettrace_object *object, const char *name)
{
	return bpf_object__find_map_by_name(((const struct nettrace_bpf *)object->skeleton)->obj, name);
}

struct bpf_program *nettrace_object_program(const struct nettrace_object *object, const char *name)
{
	return bpf_object__find_program_by_name(((const struct nettrace_bpf *)object->skeleton)->obj, name);
}

int nettrace_object_load(struct nettrace_object *object)
{
	return nettrace_bpf__load(object->skeleton);
}

void nettrace_object_open_gate(struct nettrace_object *object)
{
	struct nettrace_bpf *skeleton = object->skeleton;

	__atomic_store_n(&skeleton->bss->gate_open, 1, __ATOMIC_RELEASE);
}

void nettrace_object_close_gate(struct nettrace_object *object)
{
	struct nettrace_bpf *skeleton = object->skeleton;

	__atomic_store_n(&skeleton->bss->gate_open, 0, __ATOMIC_RELEASE);
}

void nettrace_object_set_epoch(struct nettrace_object *object, __u8 epoch)
{
	struct nettrace_bpf *skeleton = object->skeleton;

	__atomic_store_n(&skeleton->bss->table_epoch, epoch, __ATOMIC_RELEASE);
}

__u64 nettrace_object_lost(const struct nettrace_object *object)
{
	const struct nettrace_bpf *skeleton = object->skeleton;

	return __atomic_load_n(&skeleton->bss->events_lost, __ATOMIC_RELAXED);
}

int nettrace_program_missed(int program, __u64 *missed)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(program, &info, &size))
		return -errno;
	/* The kernel says how much it knows. */
	if (size < offsetof(struct bpf_prog_info, recursion_misses) + sizeof(info.recursion_misses))
		return -ENODATA;
	*missed = info.recursion_misses;
	return 0;
}

int nettrace_object_missed(const struct nettrace_object *object, __u64 *missed)
{
	const struct nettrace_bpf *skeleton = object->skeleton;
	struct bpf_program *program;

	*missed = 0;
	bpf_object__for_each_program(program, skeleton->obj) {
		__u64 count;
		int error;

		if (bpf_program__fd(program) < 0)
			continue;
		error = nettrace_program_missed(bpf_program__fd(program), &count);
		if (error)
			return error;
		*missed += count;
	}
	return 0;
}

void nettrace_object_close(struct nettrace_object *object)
{
	nettrace_bpf__destroy(object->skeleton);
	object->skeleton = NULL;
}
