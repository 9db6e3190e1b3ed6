#!/usr/bin/env -S nettrace d -s
/* Packets and bytes by protocol. */
#pragma D option quiet

ip:::send, ip:::receive
{
	this->protocol = args[2]->ip_ver == 4 ? args[4]->ipv4_protocol : args[5]->ipv6_nexthdr;
	@packets[this->protocol] = count();
	@bytes[this->protocol] = sum(args[2]->ip_plength);
}

dtrace:::END
{
	printf("%8s %10s %12s\n", "protocol", "packets", "bytes");
	printa("%8d %@10d %@12d\n", @packets, @bytes);
}
