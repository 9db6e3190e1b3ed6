/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Numbers of processes as the user knows them. */
#ifndef NETTRACE_PROCESS_H
#define NETTRACE_PROCESS_H

/* Namespaces within namespaces: the kernel allows 32, and containers in containers have 3. */
#define PIDNS_LEVELS 8

/* The number that a process or thread has in the user's namespace; 0: it is not in there. */
static __always_inline __u32 number_in_namespace(const struct pid *pid)
{
	__u32 top = BPF_CORE_READ(pid, level);

	for (__u32 level = 1; level < PIDNS_LEVELS; level++) {
		const struct upid *number = (const void *)__builtin_preserve_access_index(&pid->numbers[0]) +
					    level * sizeof(struct upid);

		if (level > top)
			break;
		if (BPF_CORE_READ(number, ns, ns.inum) == config.pidns)
			return BPF_CORE_READ(number, nr);
	}
	return 0;
}

static __noinline __u64 numbers_in_namespace(void)
{
	const struct task_struct *task = (const void *)bpf_get_current_task();
	const struct pid *process = BPF_CORE_READ(task, group_leader, thread_pid);
	const struct pid *thread = BPF_CORE_READ(task, thread_pid);

	return (__u64)number_in_namespace(process) << 32 | number_in_namespace(thread);
}

/* As bpf_get_current_pid_tgid(), which counts in the machine's first namespace. */
static __always_inline __u64 current_pid_tgid(void)
{
	return config.pidns ? numbers_in_namespace() : bpf_get_current_pid_tgid();
}

#endif
