#!/usr/bin/env -S nettrace d -s
/* A line for each TCP segment of this machine: CPU, local and remote end, bytes, flags. */
#pragma D option quiet
#pragma D option switchrate=10hz

tcp:::send
{
	this->bytes = args[2]->ip_plength - args[4]->tcp_offset;
	printf("%3d %21s:%-5d > %21s:%-5d %6d ", cpu, args[2]->ip_saddr, args[4]->tcp_sport, args[2]->ip_daddr,
	    args[4]->tcp_dport, this->bytes);
}

tcp:::receive
{
	this->bytes = args[2]->ip_plength - args[4]->tcp_offset;
	printf("%3d %21s:%-5d < %21s:%-5d %6d ", cpu, args[2]->ip_daddr, args[4]->tcp_dport, args[2]->ip_saddr,
	    args[4]->tcp_sport, this->bytes);
}

tcp:::send, tcp:::receive
{
	printf("%s", args[4]->tcp_flags & TH_SYN ? "S" : "");
	printf("%s", args[4]->tcp_flags & TH_FIN ? "F" : "");
	printf("%s", args[4]->tcp_flags & TH_RST ? "R" : "");
	printf("%s", args[4]->tcp_flags & TH_PUSH ? "P" : "");
	printf("%s\n", args[4]->tcp_flags & TH_ACK ? "." : "");
}
