#!/usr/bin/env -S nettrace d -s
/* How many hops packets have left: low numbers point to a routing loop. */
ip:::receive
/args[2]->ip_ver == 4/
{
	@ttl[args[2]->ip_saddr] = lquantize(args[4]->ipv4_ttl, 0, 256, 32);
}

ip:::receive
/args[2]->ip_ver == 6/
{
	@ttl[args[2]->ip_saddr] = lquantize(args[5]->ipv6_hlim, 0, 256, 32);
}
