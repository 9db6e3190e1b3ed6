/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The TCP connections that are wanted, each from its first sign of life to the end of its socket. */
#ifndef NETTRACE_TCP_CONNECTION_H
#define NETTRACE_TCP_CONNECTION_H

const volatile struct nt_tcp_config tcp_config = {};

/* By the address of the socket: it is another one's only after tcp_destroy_sock. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct nt_tcp_connection);
} tcp_connections SEC(".maps");

/* Sockets that a filter has refused. LRU: one that is forgotten is judged again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, __u8);
} tcp_unwanted SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, NT_TCP_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} tcp_counters SEC(".maps");

/* What a connection starts with; not on the stack, which is short. */
const struct nt_tcp_connection new_connection = {};

static __always_inline void count_tcp(__u32 counter)
{
	__u64 *count = bpf_map_lookup_elem(&tcp_counters, &counter);

	if (count)
		__atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}

static __always_inline struct nt_tcp_connection *add_connection(__u64 key)
{
	struct nt_tcp_connection *connection;

	bpf_map_update_elem(&tcp_connections, &key, &new_connection, BPF_ANY);
	connection = bpf_map_lookup_elem(&tcp_connections, &key);
	if (connection)
		connection->started = bpf_ktime_get_ns();
	else
		count_tcp(NT_TCP_UNTRACKED);
	return connection;
}

/*
 * The process at work, where it works for itself: whoever connects, reads,
 * shuts down or closes has locked the socket, and takes what arrived meanwhile
 * with him. Anything else that happens to it happens in interrupts, or in the
 * hands of someone who passes frames on (/dev/net/tun): bystanders.
 */
static __always_inline void note_process(struct nt_tcp_connection *connection, const struct sock *sk)
{
	const struct sock___lock *lock = (const void *)sk;
	const struct task_struct *task;

	if (connection->pid || !BPF_CORE_READ(lock, sk_lock.owned))
		return;
	task = (const void *)bpf_get_current_task();
	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return;
	connection->pid = current_pid_tgid() >> 32;
	bpf_get_current_comm(connection->comm, sizeof(connection->comm));
}

static __always_inline void read_tuple(struct nt_tcp_connection *connection, const struct nt_filter_ctx *packet)
{
	const __u8 *l3 = packet->data + NT_L2_LEN;

	connection->protocol = packet->protocol;
	if (packet->protocol == ETH_P_IP) {
		__builtin_memcpy(connection->local, l3 + 12, 4);
		__builtin_memcpy(connection->remote, l3 + 16, 4);
		__builtin_memcpy(&connection->local_port, l3 + 20, 2);
		__builtin_memcpy(&connection->remote_port, l3 + 22, 2);
	} else {
		__builtin_memcpy(connection->local, l3 + 8, NT_TCP_ADDRESS_LEN);
		__builtin_memcpy(connection->remote, l3 + 24, NT_TCP_ADDRESS_LEN);
		__builtin_memcpy(&connection->local_port, l3 + 40, 2);
		__builtin_memcpy(&connection->remote_port, l3 + 42, 2);
	}
}

/* Fills in who talks to whom. False where a filter does not want it. A function of its own for the sake of the stack. */
static __noinline bool judge_connection(struct nt_tcp_connection *connection, const struct sock *sk)
{
	const struct inet_sock___port *inet = (const void *)sk;
	const struct net *net = BPF_CORE_READ(sk, __sk_common.skc_net.net);
	struct nt_filter_ctx packet = {};
	__be16 port = BPF_CORE_READ(inet, inet_sport);

	connection->netns = BPF_CORE_READ(net, ns.inum);
	if (config.flags & NT_CONFIG_FILTER_NETNS && !is_wanted(NT_LIST_NETNS, connection->netns))
		return false;
	if (config.flags & NT_CONFIG_FILTER_OWNER && !match_owner(sk))
		return false;
	if (!headers_from_socket(&packet, sk))
		return false;
	__builtin_memcpy(packet.data + NT_L2_LEN + (packet.protocol == ETH_P_IP ? 20 : 40), &port, sizeof(port));
	read_tuple(connection, &packet);
	read_inode(&connection->inode, sk);
	connection->flags |= NT_TCP_JUDGED;
	return match_headers(&packet);
}

/* A function of its own for the sake of the stack. */
static __noinline bool match_process_of(const struct nt_tcp_connection *connection)
{
	struct nt_wanted_key name = { .kind = NT_LIST_COMMAND };

	if (!connection->pid)
		return !has_list(NT_LIST_PROCESS) && !has_list(NT_LIST_COMMAND);
	__builtin_memcpy(name.value, connection->comm, NT_COMM_LEN);
	return is_wanted(NT_LIST_PROCESS, connection->pid) && allows(NT_LIST_COMMAND, lookup_wanted(&name));
}

static __always_inline bool is_process_wanted(const struct nt_tcp_connection *connection)
{
	return !(config.flags & NT_CONFIG_FILTER_PID) || match_process_of(connection);
}

/*
 * The connection of a socket, once its addresses are known; NULL where it is
 * not wanted. With --pid it is wanted from when its process is known.
 */
static __always_inline struct nt_tcp_connection *find_connection(const struct sock *sk, bool begins)
{
	__u64 key = (__u64)sk;
	__u8 unwanted = 1;
	struct nt_tcp_connection *connection = bpf_map_lookup_elem(&tcp_connections, &key);

	if (!connection) {
		if (!begins || bpf_map_lookup_elem(&tcp_unwanted, &key))
			return NULL;
		connection = add_connection(key);
		if (!connection)
			return NULL;
	}
	note_process(connection, sk);
	if ((!(connection->flags & NT_TCP_JUDGED) && !judge_connection(connection, sk)) ||
	    (connection->pid && !is_process_wanted(connection))) {
		bpf_map_delete_elem(&tcp_connections, &key);
		bpf_map_update_elem(&tcp_unwanted, &key, &unwanted, BPF_ANY);
		return NULL;
	}
	return is_process_wanted(connection) ? connection : NULL;
}

#endif
