#!/usr/bin/env -S nettrace d -s
/* TCP payload by remote address, each second, the largest last. */
#pragma D option quiet

tcp:::send
{
	@bytes[args[2]->ip_daddr] = sum(args[2]->ip_plength - args[4]->tcp_offset);
}

tcp:::receive
{
	@bytes[args[2]->ip_saddr] = sum(args[2]->ip_plength - args[4]->tcp_offset);
}

profile:::tick-1s
{
	printf("%Y\n", walltimestamp);
	printa("  %-40s %@12d\n", @bytes);
	clear(@bytes);
}
