/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Looks values up in the lists of the filters. */
#ifndef NETTRACE_WANTED_PROGRAMS_H
#define NETTRACE_WANTED_PROGRAMS_H

const volatile struct nt_wanted_config wanted_config = {};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct nt_wanted_key);
	__type(value, __u8);
} wanted SEC(".maps");

static __always_inline __u32 lookup_wanted(const struct nt_wanted_key *key)
{
	__u8 *verdict = bpf_map_lookup_elem(&wanted, key);

	return verdict ? *verdict : 0;
}

/* NT_WANTED, NT_UNWANTED, or 0: not listed. Functions of their own, for the sake of the stack. */
static __noinline __u32 list_verdict(__u32 kind, __u64 value)
{
	struct nt_wanted_key key = { .kind = kind };

	key.value[0] = value;
	return lookup_wanted(&key);
}

static __noinline __u32 name_verdict(const struct net_device *dev)
{
	struct nt_wanted_key key = { .kind = NT_LIST_INTERFACE };

	bpf_core_read_str(key.value, NT_IFNAME_LEN, &dev->name);
	return lookup_wanted(&key);
}

static __noinline __u32 command_verdict(void)
{
	struct nt_wanted_key key = { .kind = NT_LIST_COMMAND };

	bpf_get_current_comm(key.value, NT_COMM_LEN);
	return lookup_wanted(&key);
}

static __always_inline bool has_list(__u32 kind)
{
	return wanted_config.lists & 1u << kind;
}

static __always_inline bool allows(__u32 kind, __u32 verdict)
{
	return verdict == NT_WANTED || (!verdict && !has_list(kind));
}

static __always_inline bool is_wanted(__u32 kind, __u64 value)
{
	return allows(kind, list_verdict(kind, value));
}

/* 1 if `value` is not zero, without a branch: each would double what the verifier has to look at. */
static __always_inline __u64 is_not_zero(__u64 value)
{
	return (value | -value) >> 63;
}

static __always_inline bool is_mark_wanted(__u32 mark)
{
	__u64 misses = wanted_config.marks != 0, hits = 0;

#pragma unroll
	for (__u32 i = 0; i < NT_WANTED_TERMS; i++) {
		__u64 differs = is_not_zero((mark & wanted_config.mark[i].mask) ^ wanted_config.mark[i].value);

		if (i < wanted_config.marks)
			misses &= differs;
		else if (i < wanted_config.marks + wanted_config.unwanted_marks)
			hits |= differs ^ 1;
	}
	return !(misses | hits);
}

static __always_inline bool is_length_wanted(__u32 length)
{
	__u64 misses = 1;

#pragma unroll
	for (__u32 i = 0; i < NT_WANTED_TERMS; i++) {
		if (i < wanted_config.lengths)
			misses &= ((__u64)length - wanted_config.length[i].min | (__u64)wanted_config.length[i].max - length) >> 63;
	}
	return !misses;
}

#endif
