/*
 * Arguments of the ip provider, and those that tcp and udp share with it.
 *
 * A file of this name in a folder given with -L replaces this one. Translators read the kernel's own structs, and these
 * values of the probe, each 0 if it has none:
 *	probe_skb	struct sk_buff *	the packet
 *	probe_sock	struct sock *		its socket
 *	probe_device	struct net_device *	the device that it came from or goes to
 *	probe_ipv4, probe_ipv6			its headers: struct iphdr *, struct ipv6hdr *
 *	probe_tcp, probe_udp			struct tcphdr *, struct udphdr *
 *	probe_network_length			bytes from the IP header to the packet's end
 *	probe_header_length			bytes of the IP header with its options or extension headers
 */

typedef uint32_t ipaddr_t;
typedef struct in6_addr in6_addr_t;
typedef struct in6_addr ip6_addr_t;
typedef struct iphdr ipha_t;
typedef struct ipv6hdr ip6_t;
typedef int32_t netstackid_t;

/* The packet. */
typedef struct pktinfo {
	uintptr_t pkt_addr;		/* always 0, as elsewhere */
	struct sk_buff *nt_skb;		/* the kernel's packet: nettrace only */
} pktinfo_t;

translator pktinfo_t < struct sk_buff *S > {
	pkt_addr = 0;
	nt_skb = S;
};

/* The connection. */
typedef struct csinfo {
	uintptr_t cs_addr;		/* always 0 */
	uint64_t cs_cid;		/* stays the same for the life of a connection: its socket */
	pid_t cs_pid;			/* always 0 */
	zoneid_t cs_zoneid;		/* always 0 */
} csinfo_t;

translator csinfo_t < struct sock *S > {
	cs_addr = 0;
	cs_cid = (uint64_t)S;
	cs_pid = 0;
	cs_zoneid = 0;
};

/* Facts that IPv4 and IPv6 have in common. */
typedef struct ipinfo {
	uint8_t ip_ver;			/* 4 or 6 */
	uint32_t ip_plength;		/* bytes after the header, its options and extension headers */
	string ip_saddr;
	string ip_daddr;
} ipinfo_t;

translator ipinfo_t < struct sk_buff *S > {
	ip_ver = probe_ipv4 != NULL ? 4 : probe_ipv6 != NULL ? 6 : 0;
	ip_plength = probe_network_length - probe_header_length;
	ip_saddr = probe_ipv4 != NULL ? inet_ntoa(&probe_ipv4->saddr) :
	    probe_ipv6 != NULL ? inet_ntoa6(&probe_ipv6->saddr) : "";
	ip_daddr = probe_ipv4 != NULL ? inet_ntoa(&probe_ipv4->daddr) :
	    probe_ipv6 != NULL ? inet_ntoa6(&probe_ipv6->daddr) : "";
};

/* The device that a packet leaves by, or came by. */
typedef struct ifinfo {
	string if_name;
	int8_t if_local;		/* whether it is a loopback device */
	netstackid_t if_ipstack;	/* number of its network namespace */
	uintptr_t if_addr;		/* struct net_device * */
} ifinfo_t;

translator ifinfo_t < struct net_device *D > {
	if_name = D != NULL ? D->name : "";
	if_local = D != NULL && (D->flags & IFF_LOOPBACK) != 0;
	if_ipstack = D != NULL ? D->nd_net.net->ns.inum : 0;
	if_addr = (uintptr_t)D;
};

/* The name of a protocol. */
inline string protocol[int number] =
	number == IPPROTO_IP ? "IP" :
	number == IPPROTO_ICMP ? "ICMP" :
	number == IPPROTO_IGMP ? "IGMP" :
	number == IPPROTO_IPV4 ? "IPV4" :
	number == IPPROTO_TCP ? "TCP" :
	number == IPPROTO_UDP ? "UDP" :
	number == IPPROTO_IPV6 ? "IPV6" :
	number == IPPROTO_ROUTING ? "ROUTING" :
	number == IPPROTO_FRAGMENT ? "FRAGMENT" :
	number == IPPROTO_RSVP ? "RSVP" :
	number == IPPROTO_GRE ? "GRE" :
	number == IPPROTO_ESP ? "ESP" :
	number == IPPROTO_AH ? "AH" :
	number == IPPROTO_MOBILE ? "MOBILE" :
	number == IPPROTO_ICMPV6 ? "ICMPV6" :
	number == IPPROTO_DSTOPTS ? "DSTOPTS" :
	number == IPPROTO_ETHERIP ? "ETHERIP" :
	number == IPPROTO_PIM ? "PIM" :
	number == IPPROTO_IPCOMP ? "IPCOMP" :
	number == IPPROTO_SCTP ? "SCTP" :
	number == IPPROTO_RAW ? "RAW" :
	"<unknown>";

/* The IPv4 header; all fields are 0 or "" of an IPv6 packet. Numbers are in host order. */
typedef struct ipv4info {
	uint8_t ipv4_ver;		/* 4 */
	uint8_t ipv4_ihl;		/* length of the header in words of 32 bits */
	uint8_t ipv4_tos;
	uint16_t ipv4_length;
	uint16_t ipv4_ident;
	uint8_t ipv4_flags;		/* DF is 4, MF is 2: the fragment field shifted by 12 */
	uint16_t ipv4_offset;		/* in units of 8 bytes */
	uint8_t ipv4_ttl;
	uint8_t ipv4_protocol;
	string ipv4_protostr;
	uint16_t ipv4_checksum;
	ipaddr_t ipv4_src;
	ipaddr_t ipv4_dst;
	string ipv4_saddr;
	string ipv4_daddr;
	ipha_t *ipv4_hdr;
} ipv4info_t;

translator ipv4info_t < struct iphdr *I > {
	ipv4_ver = I != NULL ? I->version : 0;
	ipv4_ihl = I != NULL ? I->ihl : 0;
	ipv4_tos = I != NULL ? I->tos : 0;
	ipv4_length = I != NULL ? ntohs(I->tot_len) : 0;
	ipv4_ident = I != NULL ? ntohs(I->id) : 0;
	ipv4_flags = I != NULL ? (ntohs(I->frag_off) >> 12) & 0xe : 0;
	ipv4_offset = I != NULL ? ntohs(I->frag_off) & IPH_OFFSET : 0;
	ipv4_ttl = I != NULL ? I->ttl : 0;
	ipv4_protocol = I != NULL ? I->protocol : 0;
	ipv4_protostr = I != NULL ? protocol[I->protocol] : "";
	ipv4_checksum = I != NULL ? ntohs(I->check) : 0;
	ipv4_src = I != NULL ? ntohl(I->saddr) : 0;
	ipv4_dst = I != NULL ? ntohl(I->daddr) : 0;
	ipv4_saddr = I != NULL ? inet_ntoa(&I->saddr) : "";
	ipv4_daddr = I != NULL ? inet_ntoa(&I->daddr) : "";
	ipv4_hdr = I;
};

/* The IPv6 header; all fields are 0 or "" of an IPv4 packet. Numbers are in host order. */
typedef struct ipv6info {
	uint8_t ipv6_ver;		/* 6 */
	uint8_t ipv6_tclass;
	uint32_t ipv6_flow;
	uint16_t ipv6_plen;		/* extension headers included */
	uint8_t ipv6_nexthdr;
	string ipv6_nextstr;
	uint8_t ipv6_hlim;
	ip6_addr_t *ipv6_src;
	ip6_addr_t *ipv6_dst;
	string ipv6_saddr;
	string ipv6_daddr;
	ip6_t *ipv6_hdr;
} ipv6info_t;

translator ipv6info_t < struct ipv6hdr *V > {
	ipv6_ver = V != NULL ? V->version : 0;
	ipv6_tclass = V != NULL ? V->priority << 4 | V->flow_lbl[0] >> 4 : 0;
	ipv6_flow = V != NULL ? (V->flow_lbl[0] & 0xf) << 16 | V->flow_lbl[1] << 8 | V->flow_lbl[2] : 0;
	ipv6_plen = V != NULL ? ntohs(V->payload_len) : 0;
	ipv6_nexthdr = V != NULL ? V->nexthdr : 0;
	ipv6_nextstr = V != NULL ? protocol[V->nexthdr] : "";
	ipv6_hlim = V != NULL ? V->hop_limit : 0;
	ipv6_src = V != NULL ? &V->saddr : NULL;
	ipv6_dst = V != NULL ? &V->daddr : NULL;
	ipv6_saddr = V != NULL ? inet_ntoa6(&V->saddr) : "";
	ipv6_daddr = V != NULL ? inet_ntoa6(&V->daddr) : "";
	ipv6_hdr = V;
};

/* Why and where the kernel dropped a packet: SKB_DROP_REASON_ numbers, and an address for printf's %a. */
typedef struct dropinfo {
	uint32_t dr_reason;
	uintptr_t dr_location;
} dropinfo_t;

translator dropinfo_t < uint32_t R > {
	dr_reason = R;
	dr_location = probe_drop_location;
};

/*
 * The two addresses of a socket. A socket of IPv6 that talks IPv4 has an address such as ::ffff:192.0.2.1, of which only
 * the last part is shown.
 */
inline int socket_is_ipv6[struct sock *S] =
	S->__sk_common.skc_family == AF_INET6 &&
	!(S->__sk_common.skc_v6_daddr.in6_u.u6_addr32[0] == 0 && S->__sk_common.skc_v6_daddr.in6_u.u6_addr32[1] == 0 &&
	S->__sk_common.skc_v6_daddr.in6_u.u6_addr32[2] == htonl(0xffff));

inline string socket_local[struct sock *S] =
	S == NULL ? "" : socket_is_ipv6[S] ? inet_ntoa6(&S->__sk_common.skc_v6_rcv_saddr) :
	inet_ntoa(&S->__sk_common.skc_rcv_saddr);

inline string socket_remote[struct sock *S] =
	S == NULL ? "" : socket_is_ipv6[S] ? inet_ntoa6(&S->__sk_common.skc_v6_daddr) :
	inet_ntoa(&S->__sk_common.skc_daddr);
