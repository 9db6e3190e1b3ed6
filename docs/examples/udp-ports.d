#!/usr/bin/env -S nettrace d -s
/* UDP datagrams by address and port; those to closed ports count, too. */
udp:::receive
{
	@received[args[2]->ip_saddr, args[4]->udp_dport] = count();
}

udp:::send
{
	@sent[args[2]->ip_daddr, args[4]->udp_dport] = count();
}
