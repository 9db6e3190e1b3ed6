#!/usr/bin/env -S nettrace d -s
/* Fragments of IPv4 by source and device: a sign of a wrong MTU on the path. */
ip:::receive
/args[4]->ipv4_flags & 2 || args[4]->ipv4_offset/
{
	@fragments[args[4]->ipv4_saddr, args[3]->if_name] = count();
}
