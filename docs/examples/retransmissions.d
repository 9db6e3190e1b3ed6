#!/usr/bin/env -S nettrace d -s
/* Retransmitted TCP segments by remote port, with the connection's round-trip time in us. */
sdt:tcp::tcp_retransmit_skb
{
	this->sock = (struct sock *)arg0;
	@segments[ntohs(this->sock->__sk_common.skc_dport)] = count();
	@rtt = quantize(((struct tcp_sock *)arg0)->srtt_us >> 3);
}
