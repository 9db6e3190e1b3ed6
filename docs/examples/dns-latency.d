#!/usr/bin/env -S nettrace d -s
/* How long DNS servers take to answer over UDP, in us, by server. */
udp:::send
/args[4]->udp_dport == 53/
{
	asked[args[2]->ip_daddr, args[4]->udp_sport] = timestamp;
}

udp:::receive
/args[4]->udp_sport == 53 && asked[args[2]->ip_saddr, args[4]->udp_dport]/
{
	@us[args[2]->ip_saddr] = quantize((timestamp - asked[args[2]->ip_saddr, args[4]->udp_dport]) / 1000);
	asked[args[2]->ip_saddr, args[4]->udp_dport] = 0;
}
