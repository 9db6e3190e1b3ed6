/*
 * Arguments of the udp provider.
 *
 * A file of this name in a folder given with -L replaces this one. See ip.d for the values that translators read.
 */

typedef struct udphdr udpha_t;

/* The socket; all fields are 0 or "" if the probe has none. */
typedef struct udpsinfo {
	uintptr_t udps_addr;		/* struct sock * */
	uint16_t udps_lport;
	uint16_t udps_rport;		/* 0 unless the socket is connected */
	string udps_laddr;
	string udps_raddr;
} udpsinfo_t;

translator udpsinfo_t < struct sock *S > {
	udps_addr = (uintptr_t)S;
	udps_lport = S != NULL ? S->__sk_common.skc_num : 0;
	udps_rport = S != NULL ? ntohs(S->__sk_common.skc_dport) : 0;
	udps_laddr = socket_local[S];
	udps_raddr = socket_remote[S];
};

/* The UDP header. Numbers are in host order. */
typedef struct udpinfo {
	uint16_t udp_sport;
	uint16_t udp_dport;
	uint16_t udp_length;		/* header included */
	uint16_t udp_checksum;
	udpha_t *udp_hdr;
} udpinfo_t;

translator udpinfo_t < struct udphdr *U > {
	udp_sport = U != NULL ? ntohs(U->source) : 0;
	udp_dport = U != NULL ? ntohs(U->dest) : 0;
	udp_length = U != NULL ? ntohs(U->len) : 0;
	udp_checksum = U != NULL ? ntohs(U->check) : 0;
	udp_hdr = U;
};
