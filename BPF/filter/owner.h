/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Filters on whose packet it is: the process at work, and the socket's owner and cgroup. */
#ifndef NETTRACE_OWNER_H
#define NETTRACE_OWNER_H

/* Deeper cgroups are taken for what they are in. */
#define CGROUP_DEPTH 16

/* The verdict of the lists of processes and of their names on the process that is running. */
static __always_inline __u32 process_verdict(__u32 pid)
{
	__u32 by_pid = list_verdict(NT_LIST_PROCESS, pid), by_name = command_verdict();

	if (by_pid == NT_UNWANTED || by_name == NT_UNWANTED)
		return NT_UNWANTED;
	return allows(NT_LIST_PROCESS, by_pid) && allows(NT_LIST_COMMAND, by_name) ? NT_WANTED : 0;
}

/*
 * A packet belongs to the process that is running only outside of interrupts;
 * the sockets seen there name the process's packets everywhere else.
 */
static __always_inline bool match_process(const struct hook_call *call, const struct sock *sk)
{
	__u64 key = (__u64)sk;
	__u8 *seen;

	if (!in_interrupt(hook_stack(call))) {
		__u8 verdict = process_verdict(current_pid_tgid() >> 32);

		if (verdict && sk)
			bpf_map_update_elem(&sockets_of_pid, &key, &verdict, BPF_ANY);
		if (verdict)
			return verdict == NT_WANTED;
	}
	seen = sk ? bpf_map_lookup_elem(&sockets_of_pid, &key) : NULL;
	if (seen)
		return *seen == NT_WANTED;
	return !has_list(NT_LIST_PROCESS) && !has_list(NT_LIST_COMMAND);
}

/* A cgroup, or one that it is in. */
static __always_inline bool is_cgroup_wanted(struct nt_wanted_key *key, const struct cgroup *cgroup)
{
	__u32 level = BPF_CORE_READ(cgroup, level);
	bool found = false;

	key->kind = NT_LIST_CGROUP;
	for (__u32 i = 0; i < CGROUP_DEPTH; i++) {
		__u32 verdict;

		if (i > level)
			break;
		key->value[0] = cgroup_ancestor(cgroup, i);
		verdict = lookup_wanted(key);
		if (verdict == NT_UNWANTED)
			return false;
		if (verdict == NT_WANTED)
			found = true;
	}
	return found || !has_list(NT_LIST_CGROUP);
}

/*
 * Where no socket is known there is no owner. A function of its own that calls
 * no other, for the sake of the stack: its callers leave 64 bytes of it, in the
 * verifier's steps of 32 (kernel/bpf/verifier.c, check_max_stack_depth).
 */
static __noinline bool match_owner(const struct sock *sk)
{
	struct nt_wanted_key key = { .kind = NT_LIST_USER };
	const struct cgroup *cgroup;

	if (sk)
		sk = full_socket(sk, BPF_CORE_READ(sk, __sk_common.skc_state));
	if (!sk)
		return !has_list(NT_LIST_USER) && !has_list(NT_LIST_CGROUP);
	key.value[0] = BPF_CORE_READ(sk, sk_uid.val);
	if (!allows(NT_LIST_USER, lookup_wanted(&key)))
		return false;
	cgroup = socket_cgroup(sk);
	return cgroup ? is_cgroup_wanted(&key, cgroup) : !has_list(NT_LIST_CGROUP);
}

#endif
