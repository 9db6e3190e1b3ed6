#!/usr/bin/env -S nettrace d -s
/* How long peers take to answer the first segment of a connection, in us, by address. */
tcp:::send
/(args[4]->tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN/
{
	asked[args[2]->ip_daddr, args[4]->tcp_dport, args[4]->tcp_sport] = timestamp;
}

tcp:::receive
/(args[4]->tcp_flags & (TH_SYN | TH_ACK)) == (TH_SYN | TH_ACK) &&
    asked[args[2]->ip_saddr, args[4]->tcp_sport, args[4]->tcp_dport]/
{
	@us[args[2]->ip_saddr] =
	    quantize((timestamp - asked[args[2]->ip_saddr, args[4]->tcp_sport, args[4]->tcp_dport]) / 1000);
	asked[args[2]->ip_saddr, args[4]->tcp_sport, args[4]->tcp_dport] = 0;
}
