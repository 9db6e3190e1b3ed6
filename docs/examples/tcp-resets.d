#!/usr/bin/env -S nettrace d -s
/* Resets, sent and received, by peer and ports. */
tcp:::send, tcp:::receive
/args[4]->tcp_flags & TH_RST/
{
	@resets[probename, args[2]->ip_saddr, args[4]->tcp_sport, args[2]->ip_daddr, args[4]->tcp_dport] = count();
}
