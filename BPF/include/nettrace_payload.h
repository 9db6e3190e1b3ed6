/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The section with the bytes of the packet, as long as the user wants them. The same rules as in nettrace_abi.h. */
#ifndef NETTRACE_PAYLOAD_H
#define NETTRACE_PAYLOAD_H

#define NT_SECTION_PAYLOAD (1u << 13) /* struct nt_payload and its bytes, after all other sections */

#define NT_SNAPSHOT_MAX 262144 /* the longest packet that readers of capture files accept, and tcpdump's own limit */

/* nt_payload.flags */
#define NT_PAYLOAD_L2 (1u << 0)   /* the bytes begin with the Ethernet header, otherwise with the L3 header */
#define NT_PAYLOAD_VLAN (1u << 1) /* vlan_tci and vlan_proto hold a tag that is not among the bytes */
#define NT_PAYLOAD_UNREADABLE (1u << 2) /* fewer bytes than wanted, since the kernel does not show the rest */
#define NT_PAYLOAD_SUM_PENDING (1u << 3) /* the device completes the checksum: CHECKSUM_PARTIAL */
#define NT_PAYLOAD_SUM_VALID (1u << 4)   /* a device has found it right: CHECKSUM_UNNECESSARY */
#define NT_PAYLOAD_SEGMENTS (1u << 5)    /* the device cuts the packet into segments: gso_size */

/* The only section of variable size: `size` bytes follow the struct. */
struct nt_payload {
	__u32 size;     /* a multiple of 8; a later section would start after them */
	__u32 captured; /* of these, bytes of the packet: at most nt_config.snapshot, fewer where the kernel does not show more */
	__u32 length;   /* bytes of the whole packet from the first of them on */
	__u16 flags;    /* NT_PAYLOAD_ */
	__u16 vlan_proto;
	__u16 vlan_tci;
	__u16 reserved[3];
};
_Static_assert(sizeof(struct nt_payload) == 24, "nt_payload");

#endif
