/*
 * Arguments of the tcp provider.
 *
 * A file of this name in a folder given with -L replaces this one. See ip.d for the values that translators read.
 */

typedef struct tcphdr tcph_t;

/* The TCP header; all fields are 0 if the probe has no segment. Numbers are in host order. */
typedef struct tcpinfo {
	uint16_t tcp_sport;
	uint16_t tcp_dport;
	uint32_t tcp_seq;
	uint32_t tcp_ack;
	uint8_t tcp_offset;		/* length of the header in bytes */
	uint8_t tcp_flags;		/* TH_ bits, see net.d */
	uint16_t tcp_window;
	uint16_t tcp_checksum;
	uint16_t tcp_urgent;
	tcph_t *tcp_hdr;
} tcpinfo_t;

translator tcpinfo_t < struct tcphdr *T > {
	tcp_sport = T != NULL ? ntohs(T->source) : 0;
	tcp_dport = T != NULL ? ntohs(T->dest) : 0;
	tcp_seq = T != NULL ? ntohl(T->seq) : 0;
	tcp_ack = T != NULL ? ntohl(T->ack_seq) : 0;
	tcp_offset = T != NULL ? T->doff * 4 : 0;
	tcp_flags = T != NULL ? *((uint8_t *)T + 13) : 0;
	tcp_window = T != NULL ? ntohs(T->window) : 0;
	tcp_checksum = T != NULL ? ntohs(T->check) : 0;
	tcp_urgent = T != NULL ? ntohs(T->urg_ptr) : 0;
	tcp_hdr = T;
};

/* Sockets in TIME_WAIT and those that wait for the last part of a handshake have addresses, and nothing else. */
inline int socket_is_full[struct sock *S] =
	S != NULL && S->__sk_common.skc_state != TCP_STATE_TIME_WAIT &&
	S->__sk_common.skc_state != TCP_STATE_NEW_SYN_RECEIVED;

/* The connection; all fields are 0 or "" if the probe has no socket. */
typedef struct tcpsinfo {
	uintptr_t tcps_addr;		/* struct sock * */
	int tcps_local;		/* both ends are on this machine: the addresses are the same, or of 127.0.0.0/8 */
	int tcps_active;		/* -1: Linux does not remember who opened the connection */
	uint16_t tcps_lport;
	uint16_t tcps_rport;
	string tcps_laddr;
	string tcps_raddr;
	int32_t tcps_state;		/* TCP_STATE_ number, see net.d */
	uint32_t tcps_iss;		/* first sequence number sent */
	uint32_t tcps_irs;		/* first sequence number received */
	uint32_t tcps_suna;		/* oldest byte that is not acknowledged */
	uint32_t tcps_smax;		/* highest sequence number sent */
	uint32_t tcps_snxt;		/* next sequence number to send */
	uint32_t tcps_rack;		/* acknowledged last */
	uint32_t tcps_rnxt;		/* next sequence number expected */
	uint32_t tcps_swnd;		/* send window in bytes */
	int32_t tcps_snd_ws;		/* its scale */
	uint32_t tcps_rwnd;		/* receive window in bytes */
	int32_t tcps_rcv_ws;		/* its scale */
	uint32_t tcps_cwnd;		/* congestion window in bytes */
	uint32_t tcps_cwnd_ssthresh;		/* slow start threshold in bytes; at most 0xffffffff */
	uint32_t tcps_sack_fack;		/* oldest byte that is not acknowledged */
	uint32_t tcps_sack_snxt;		/* where recovery of losses ends */
	uint32_t tcps_rto;		/* retransmission timeout in ms */
	uint32_t tcps_mss;		/* bytes per segment */
	int tcps_retransmit;		/* retransmissions of the oldest byte so far */
	uint32_t tcps_srtt;		/* smoothed round trip time in microseconds */
	uint32_t tcps_rtt;		/* smoothed round trip time in ms */
	uint32_t tcps_rtt_sd;		/* its deviation in ms */
} tcpsinfo_t;

translator tcpsinfo_t < struct sock *S > {
	tcps_addr = (uintptr_t)S;
	tcps_local = S != NULL && !socket_is_ipv6[S] && (S->__sk_common.skc_daddr == S->__sk_common.skc_rcv_saddr ||
	    (ntohl(S->__sk_common.skc_daddr) >> 24) == 127);
	tcps_active = -1;
	tcps_lport = S != NULL ? S->__sk_common.skc_num : 0;
	tcps_rport = S != NULL ? ntohs(S->__sk_common.skc_dport) : 0;
	tcps_laddr = socket_local[S];
	tcps_raddr = socket_remote[S];
	tcps_state = probe_new_state;
	tcps_iss = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->snd_una - (uint32_t)((struct tcp_sock *)S)->bytes_acked;
	tcps_irs = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->rcv_nxt - (uint32_t)((struct tcp_sock *)S)->bytes_received - 1;
	tcps_suna = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->snd_una;
	tcps_smax = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->snd_nxt;
	tcps_snxt = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->snd_nxt;
	tcps_rack = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->rcv_wup;
	tcps_rnxt = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->rcv_nxt;
	tcps_swnd = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->snd_wnd;
	tcps_snd_ws = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->rx_opt.snd_wscale;
	tcps_rwnd = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->rcv_wnd;
	tcps_rcv_ws = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->rx_opt.rcv_wscale;
	tcps_cwnd = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->snd_cwnd * ((struct tcp_sock *)S)->mss_cache;
	tcps_cwnd_ssthresh = !socket_is_full[S] ? 0 :
	    (((struct tcp_sock *)S)->snd_ssthresh < 0x10000 ? ((struct tcp_sock *)S)->snd_ssthresh * ((struct tcp_sock *)S)->mss_cache : 0xffffffff);
	tcps_sack_fack = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->snd_una;
	tcps_sack_snxt = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->high_seq;
	tcps_rto = !socket_is_full[S] ? 0 :
	    (uint32_t)((uint64_t)((struct tcp_sock *)S)->inet_conn.icsk_rto * 1000 / probe_hz);
	tcps_mss = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->mss_cache;
	tcps_retransmit = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->inet_conn.icsk_retransmits;
	tcps_srtt = !socket_is_full[S] ? 0 :
	    ((struct tcp_sock *)S)->srtt_us >> 3;
	tcps_rtt = !socket_is_full[S] ? 0 :
	    (((struct tcp_sock *)S)->srtt_us >> 3) / 1000;
	tcps_rtt_sd = !socket_is_full[S] ? 0 :
	    (((struct tcp_sock *)S)->mdev_us >> 2) / 1000;
};

/* The state before the change. */
typedef struct tcplsinfo {
	int32_t tcps_state;
} tcplsinfo_t;

translator tcplsinfo_t < int32_t STATE > {
	tcps_state = STATE;
};
