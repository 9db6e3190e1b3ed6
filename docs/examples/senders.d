#!/usr/bin/env -S nettrace d -s
/* Which programs send packets, and how many bytes. */
ip:::send
{
	@bytes[execname, pid] = sum(args[2]->ip_plength);
}
