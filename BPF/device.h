/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Where the packet is: its device and network namespace, from whatever knows them at this point. */
#ifndef NETTRACE_DEVICE_H
#define NETTRACE_DEVICE_H

/* include/linux/skbuff.h: low bits of _skb_refdst are flags. */
#define SKB_DST_PTRMASK (~3ul)

struct place {
	const struct net_device *dev;
	__u32 netns;
	__u32 ifindex;
};

/* Packets of this host have no device until the route's is taken over in ip_output. */
static __always_inline const struct net_device *route_device(const struct sk_buff *skb)
{
	const struct dst_entry *dst = (const void *)(BPF_CORE_READ(skb, _skb_refdst) & SKB_DST_PTRMASK);

	return dst ? BPF_CORE_READ(dst, dev) : NULL;
}

static __always_inline void find_place(struct place *place, const struct sk_buff *skb, const struct sock *sk)
{
	const struct net_device *dev = NULL;
	const struct net *net = NULL;

	if (skb) {
		dev = BPF_CORE_READ(skb, dev);
		if (!dev)
			dev = route_device(skb);
	}
	if (dev) {
		place->ifindex = BPF_CORE_READ(dev, ifindex);
		net = BPF_CORE_READ(dev, nd_net.net);
	}
	if (!net && sk)
		net = BPF_CORE_READ(sk, __sk_common.skc_net.net);
	place->dev = dev;
	place->netns = net ? BPF_CORE_READ(net, ns.inum) : 0;
}

static __always_inline void read_name(const struct place *place, void *name)
{
	const struct net_device *dev = place->dev;

	bpf_core_read_str(name, NT_IFNAME_LEN, &dev->name);
}

/* By name in any namespace, or by the index of the receiving device in the user's. */
static __always_inline bool place_has_interface(const struct place *place, const struct sk_buff *w)
{
	__u64 name[NT_IFNAME_LEN / 8] = {};
	const volatile __u64 *wanted = (const volatile __u64 *)config.ifname;

	if (config.ifindex && (__u32)w->skb_iif == config.ifindex)
		return true;
	if (!place->dev)
		return false;
	read_name(place, name);
	return name[0] == wanted[0] && name[1] == wanted[1];
}

#endif
