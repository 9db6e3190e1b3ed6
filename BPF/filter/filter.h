/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Decides whether an event is wanted, cheapest test first. Nothing has been spent before this says yes. */
#ifndef NETTRACE_FILTER_H
#define NETTRACE_FILTER_H

/*
 * User space replaces the body of this function by the translated packet
 * filter before the load; it is found by its marker. What stands here keeps
 * the compiler from inlining it, and from guessing its result.
 */
static __noinline int nt_packet_filter(struct nt_filter_ctx *packet)
{
	int verdict;

	asm volatile("%[verdict] = " NT_STRINGIFY(NT_FILTER_MARKER) : [verdict] "=r"(verdict) : "r"(packet) : "memory");
	return verdict;
}

/* Filters on the skb's own fields; a hook that has only a socket has none of them. */
static __always_inline bool match_skb(const struct sk_buff *skb, const struct sk_buff *w)
{
	if (config.flags & NT_CONFIG_FILTER_MARK && (!skb || !is_mark_wanted(w->mark)))
		return false;
	if (config.flags & NT_CONFIG_FILTER_LEN && (!skb || !is_length_wanted(w->len)))
		return false;
	return true;
}

static __always_inline bool match_place(const struct place *place, const struct sk_buff *w)
{
	if (config.flags & NT_CONFIG_FILTER_NETNS && !is_wanted(NT_LIST_NETNS, place->netns))
		return false;
	if (config.flags & NT_CONFIG_FILTER_INTERFACE && !place_has_interface(place, w))
		return false;
	return true;
}

/* Filters on the process, user and cgroup that the packet belongs to. */
static __always_inline bool match_pid(const struct hook_call *call, const struct sock *sk)
{
	if (config.flags & NT_CONFIG_FILTER_PID && !match_process(call, sk))
		return false;
	return !(config.flags & NT_CONFIG_FILTER_OWNER) || match_owner(sk);
}

#endif
