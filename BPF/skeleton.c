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
	struct bpf_program *program;

	if (!skeleton)
		return -errno;
	bpf_object__for_each_program(program, skeleton->obj)
		bpf_program__set_autoload(program, false);
	object->skeleton = skeleton;
	object->config = (struct nt_config *)&skeleton->rodata->config;
	object->drop_config = (struct nt_drop_config *)&skeleton->rodata->drop_config;
	object->limits = (struct nt_limits *)&skeleton->rodata->limits;
	object->tcp_config = (struct nt_tcp_config *)&skeleton->rodata->tcp_config;
	object->wanted_config = (struct nt_wanted_config *)&skeleton->rodata->wanted_config;
	object->under_config = (struct nt_under_config *)&skeleton->rodata->under_config;
	return 0;
}

static struct bpf_object *inside(const struct nettrace_object *object)
{
	return ((const struct nettrace_bpf *)object->skeleton)->obj;
}

struct bpf_program *nettrace_object_program(const struct nettrace_object *object, const char *name)
{
	return bpf_object__find_program_by_name(inside(object), name);
}

struct bpf_map *nettrace_object_map(const struct nettrace_object *object, const char *name)
{
	return bpf_object__find_map_by_name(inside(object), name);
}

const void *nettrace_object_types(const struct nettrace_object *object)
{
	return bpf_object__btf(inside(object));
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
	struct bpf_program *program;

	*missed = 0;
	bpf_object__for_each_program(program, inside(object)) {
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
