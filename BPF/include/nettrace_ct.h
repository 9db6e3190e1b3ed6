/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The section for a packet's entry in connection tracking (-o ct). The rules of nettrace_abi.h apply; it includes this file. */
#ifndef NETTRACE_CT_H
#define NETTRACE_CT_H

/*
 * One direction of a connection, in network order but for `family`: the kernel's struct nf_conntrack_tuple, byte by byte
 * (include/net/netfilter/nf_conntrack_tuple.h).
 */
struct nt_tuple {
	__u8 source[16]; /* IPv4: the first four bytes */
	__u16 source_port; /* ICMP: the id */
	__u16 family;    /* AF_; 0 in a template, which has no addresses either */
	__u8 destination[16];
	__u16 destination_port; /* ICMP: type, then code */
	__u8 protocol;   /* IPPROTO_ */
	__u8 direction;
};
_Static_assert(sizeof(struct nt_tuple) == 40, "nt_tuple");

#define NT_CT_READ 0x80 /* nt_ct.info: what follows has been read from the entry */

/* The entry that skb->_nfct points to. Zeros but for `address` and `info` without NT_CT_READ. */
struct nt_ct {
	__u64 address; /* of the struct nf_conn; 0: no entry */
	__u32 status;  /* enum ip_conntrack_status, IPS_ */
	__u32 mark;
	__u16 zone;
	__u8 zone_directions; /* NF_CT_ZONE_DIR_: bit 0 the original direction, bit 1 the reply's */
	__u8 info;       /* enum ip_conntrack_info, and NT_CT_READ; without an entry 7 (IP_CT_UNTRACKED) or 0 */
	__u8 tcp_state;  /* enum tcp_conntrack, if the protocol is TCP */
	__u8 sctp_state; /* enum sctp_conntrack, if it is SCTP */
	__u16 reserved;
	struct nt_tuple original;
	struct nt_tuple reply;
};
_Static_assert(sizeof(struct nt_ct) == 104, "nt_ct");

#endif
