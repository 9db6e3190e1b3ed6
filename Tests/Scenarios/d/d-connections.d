tcp:::connect-request, tcp:::connect-established, tcp:::connect-refused, tcp:::accept-established, tcp:::accept-refused
/args[4]->tcp_dport == 7007 || args[4]->tcp_sport == 7007 || args[4]->tcp_dport == 7999 || args[4]->tcp_sport == 7999/
{
	printf("%s %s > %s:%d %x\n", probename, args[2]->ip_saddr, args[2]->ip_daddr, args[4]->tcp_dport,
	    args[4]->tcp_flags & ~TH_PUSH);
	@fired[probename] = count();
}

tcp:::state-change
/args[3]->tcps_raddr == "10.9.2.2" || args[3]->tcps_raddr == "10.9.1.1"/
{
	@changes[tcp_state_string[args[5]->tcps_state], tcp_state_string[args[3]->tcps_state]] = count();
}

END
{
	printa("%s %@d\n", @fired);
	printa("%s %s %@d\n", @changes);
}
