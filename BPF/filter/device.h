/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Where the packet is: its device and network namespace, from whatever knows them at this point. */
#ifndef NETTRACE_DEVICE_H
#define NETTRACE_DEVICE_H

/* include/linux/skbuff.h: low bits of _skb_refdst are flags. */
#define SKB_DST_PTRMASK (~3ul)
/* include/uapi/linux/nsfs.h, include/linux/proc_ns.h: inode numbers of namespaces begin here. */
#define FIRST_NAMESPACE 0xeffffff0u

struct place {
	const struct net_device *dev;
	__u32 netns;
};

/* Packets that this host sends have no device until ip_output takes over the route's. (That of a received one is lo.) */
static __always_inline const struct net_device *route_device(const struct sk_buff *skb)
{
	const struct dst_entry *dst = (const void *)(BPF_CORE_READ(skb, _skb_refdst) & SKB_DST_PTRMASK);

	return dst && !BPF_CORE_READ(skb, skb_iif) ? BPF_CORE_READ(dst, dev) : NULL;
}

/* False where `dev` is none: in socket queues the kernel uses skb->dev for other things. */
static __always_inline bool read_device(struct place *place, const struct net_device *dev)
{
	const struct net *net = BPF_CORE_READ(dev, nd_net.net);
	__u32 netns = net ? BPF_CORE_READ(net, ns.inum) : 0;

	if (netns < FIRST_NAMESPACE)
		return false;
	place->dev = dev;
	place->netns = netns;
	return true;
}

static __always_inline void find_place(struct place *place, const struct sk_buff *skb, const struct sock *sk)
{
	const struct net_device *dev;
	const struct net *net;

	/* Of no skb all fields are read as 0. */
	dev = BPF_CORE_READ(skb, dev);
	if (!dev)
		dev = route_device(skb);
	if ((dev && read_device(place, dev)) || !sk)
		return;
	net = BPF_CORE_READ(sk, __sk_common.skc_net.net);
	place->netns = net ? BPF_CORE_READ(net, ns.inum) : 0;
}

static __always_inline __u32 read_ifindex(const struct place *place)
{
	const struct net_device *dev = place->dev;

	return dev ? BPF_CORE_READ(dev, ifindex) : 0;
}

static __always_inline void read_name(const struct place *place, void *name)
{
	const struct net_device *dev = place->dev;

	bpf_core_read_str(name, NT_IFNAME_LEN, &dev->name);
}

/* By name in any namespace, or as the receiving device by its index where the user looked it up. */
static __always_inline bool place_has_interface(const struct place *place, const struct sk_buff *w)
{
	__u32 by_name = place->dev ? name_verdict(place->dev) : 0;
	__u32 by_index = list_verdict(NT_LIST_RECEIVER, (__u64)place->netns << 32 | (__u32)w->skb_iif);

	if (by_name == NT_UNWANTED || by_index == NT_UNWANTED)
		return false;
	return by_name || by_index || !has_list(NT_LIST_INTERFACE);
}

#endif
