/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The socket of an event. Everything is read straight into the record: the
 * programs are short of stack.
 */
#ifndef NETTRACE_SOCKET_SECTION_H
#define NETTRACE_SOCKET_SECTION_H

#define AF_UNSPEC 0

static __always_inline const struct sock *subject_socket(const struct hook_call *call)
{
	const struct sk_buff *skb = call->skb;

	if (call->sk)
		return call->sk;
	/* Of no skb all fields are read as 0. */
	return BPF_CORE_READ(skb, sk);
}

/*
 * The kernel's sk_to_full_sk(): a connection request belongs to its listener,
 * unless it is only a syncookie; of a time-wait socket nothing more is left.
 */
static __always_inline const struct sock *full_socket(const struct sock *sk, __u8 state)
{
	if (state == TCP_TIME_WAIT)
		return NULL;
	if (state == TCP_NEW_SYN_RECV)
		return BPF_CORE_READ(sk, __sk_common.skc_listener);
	return sk;
}

/*
 * By its file rather than as the socket_alloc around it: the sockets of tun
 * and macvtap have none, and those without a file have no process either.
 */
static __always_inline void read_inode(__u64 *inode, const struct sock *sk)
{
	const struct socket *socket = BPF_CORE_READ(sk, sk_socket);
	const struct file *file = socket ? BPF_CORE_READ(socket, file) : NULL;

	if (file)
		*inode = BPF_CORE_READ(file, f_inode, i_ino);
}

static __always_inline void read_full_socket(struct nt_sock *section, const struct sock *sk)
{
	const struct cgroup *cgroup = socket_cgroup(sk);

	bpf_core_read(&section->type, sizeof(section->type), &sk->sk_type);
	bpf_core_read(&section->uid, sizeof(section->uid), &sk->sk_uid.val);
	/* Those of tun and macvtap: their file is the device, which has inode numbers of its own. */
	if (section->family != AF_UNSPEC)
		read_inode(&section->inode, sk);
	if (cgroup)
		section->cgroup = BPF_CORE_READ(cgroup, kn, id);
}

static __always_inline void *emit_socket(void *at, const struct hook_call *call)
{
	const struct sock *sk = subject_socket(call);
	struct nt_sock *section = at;

	__builtin_memset(section, 0, sizeof(*section));
	if (!sk)
		return section + 1;
	section->address = (__u64)sk;
	section->state = BPF_CORE_READ(sk, __sk_common.skc_state);
	section->protocol = socket_protocol(sk, section->state);
	bpf_core_read(&section->family, sizeof(section->family), &sk->__sk_common.skc_family);
	bpf_core_read(&section->ifindex, sizeof(section->ifindex), &sk->__sk_common.skc_bound_dev_if);
	bpf_core_read(&section->cookie, sizeof(section->cookie), &sk->__sk_common.skc_cookie.counter);
	sk = full_socket(sk, section->state);
	if (sk)
		read_full_socket(section, sk);
	return section + 1;
}

#endif
