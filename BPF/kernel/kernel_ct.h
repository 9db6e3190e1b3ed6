/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Connection tracking: kernel types, as in kernel.h. They are among the types of the kernel proper or of its module. */
#ifndef NETTRACE_KERNEL_CT_H
#define NETTRACE_KERNEL_CT_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/linux/skbuff.h: only with CONFIG_NF_CONNTRACK. */
struct sk_buff___tracked {
	unsigned long _nfct;
};

/* include/net/netfilter/nf_conntrack_tuple.h */
union nf_inet_addr {
	__u32 all[4];
};
struct nf_conntrack_man {
	union nf_inet_addr u3;
	__u16 l3num;
};
struct nf_conntrack_tuple {
	struct nf_conntrack_man src;
	struct {
		union nf_inet_addr u3;
		__u8 protonum;
	} dst;
};
struct nf_conntrack_tuple_hash {
	struct nf_conntrack_tuple tuple;
};

/* include/linux/netfilter/nf_conntrack_zones_common.h, nf_conntrack_tcp.h, nf_conntrack_sctp.h */
struct nf_conntrack_zone {
	__u16 id;
	__u8 dir;
};
struct ip_ct_tcp {
	__u8 state;
};
enum sctp_conntrack {
	SCTP_CONNTRACK_NONE,
};
struct ip_ct_sctp {
	enum sctp_conntrack state;
};

/* include/net/netfilter/nf_conntrack.h: zone and mark only with CONFIG_NF_CONNTRACK_ZONES and _MARK. */
struct nf_conn {
	struct nf_conntrack_zone zone;
	struct nf_conntrack_tuple_hash tuplehash[2];
	unsigned long status;
	__u32 mark;
	union {
		struct ip_ct_tcp tcp;
		struct ip_ct_sctp sctp;
	} proto;
};

#pragma clang attribute pop

/* include/linux/netfilter/nf_conntrack_common.h: the pointer's low bits are the packet's enum ip_conntrack_info. */
#define NFCT_INFOMASK 7ul
#define IP_CT_UNTRACKED 7

#endif
