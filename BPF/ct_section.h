/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The packet's entry in connection tracking. The skb holds a reference to it, so it is whole; all is read straight into
 * the record. There are no branches, since the verifier would follow each of them in each of the many states that lead
 * here: a read from an invalid address gives zero.
 */
#ifndef NETTRACE_CT_SECTION_H
#define NETTRACE_CT_SECTION_H

#define TUPLE_OFFSET(field) __builtin_preserve_field_info(((struct nf_conntrack_tuple *)0)->field, BPF_FIELD_BYTE_OFFSET)

/* A question for the verifier: it is answered when the program is loaded. */
static __always_inline bool knows_connections(void)
{
	return bpf_core_field_exists(((struct nf_conn *)0)->status) &&
	       TUPLE_OFFSET(src.l3num) == offsetof(struct nt_tuple, family) &&
	       TUPLE_OFFSET(dst.u3) == offsetof(struct nt_tuple, destination) &&
	       TUPLE_OFFSET(dst.protonum) == offsetof(struct nt_tuple, protocol);
}

static __always_inline void read_connection(struct nt_ct *section, const struct nf_conn *ct)
{
	bpf_core_read(&section->original, sizeof(section->original), &ct->tuplehash[0].tuple);
	bpf_core_read(&section->reply, sizeof(section->reply), &ct->tuplehash[1].tuple);
	section->status = BPF_CORE_READ(ct, status);
	if (bpf_core_field_exists(ct->mark))
		bpf_core_read(&section->mark, sizeof(section->mark), &ct->mark);
	if (bpf_core_field_exists(ct->zone)) {
		bpf_core_read(&section->zone, sizeof(section->zone), &ct->zone.id);
		bpf_core_read(&section->zone_directions, sizeof(section->zone_directions), &ct->zone.dir);
	}
	section->tcp_state = BPF_CORE_READ(ct, proto.tcp.state);
	section->sctp_state = BPF_CORE_READ(ct, proto.sctp.state);
}

static __always_inline void emit_ct(void *at, const struct sk_buff *skb)
{
	const struct sk_buff___tracked *tracked = (const void *)skb;
	struct nt_ct *section = at;
	unsigned long word = 0;

	__builtin_memset(section, 0, sizeof(*section));
	if (bpf_core_field_exists(tracked->_nfct))
		word = BPF_CORE_READ(tracked, _nfct);
	section->address = word & ~NFCT_INFOMASK;
	section->info = word & NFCT_INFOMASK;
	if (knows_connections()) {
		/* Kernel addresses have the highest bit. */
		section->info |= word >> 63 << 7;
		read_connection(section, (const void *)section->address);
	}
}

_Static_assert(NT_CT_READ == 1 << 7, "emit_ct");

#endif
