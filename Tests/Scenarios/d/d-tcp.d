#pragma D option quiet

tcp:::send
/args[2]->ip_daddr == "10.9.2.2" && args[4]->tcp_dport == 7007/
{
	this->bytes = args[2]->ip_plength - args[4]->tcp_offset;
	printf("%s %s > %s:%d %d ", probename, args[2]->ip_saddr, args[2]->ip_daddr, args[4]->tcp_dport, this->bytes);
	syn += args[4]->tcp_flags == TH_SYN;
}

tcp:::send
/args[2]->ip_saddr == "10.9.2.2" && args[4]->tcp_sport == 7007/
{
	this->bytes = args[2]->ip_plength - args[4]->tcp_offset;
	printf("%s %s:%d > %s %d ", probename, args[2]->ip_saddr, args[4]->tcp_sport, args[2]->ip_daddr, this->bytes);
}

tcp:::receive
/args[2]->ip_daddr == "10.9.2.2" && args[4]->tcp_dport == 7007/
{
	this->bytes = args[2]->ip_plength - args[4]->tcp_offset;
	printf("%s %s:%d < %s %d ", probename, args[2]->ip_daddr, args[4]->tcp_dport, args[2]->ip_saddr, this->bytes);
	syn += args[4]->tcp_flags == TH_SYN;
}

tcp:::receive
/args[2]->ip_saddr == "10.9.2.2" && args[4]->tcp_sport == 7007/
{
	this->bytes = args[2]->ip_plength - args[4]->tcp_offset;
	printf("%s %s < %s:%d %d ", probename, args[2]->ip_daddr, args[2]->ip_saddr, args[4]->tcp_sport, this->bytes);
}

tcp:::send, tcp:::receive
/args[4]->tcp_dport == 7007 || args[4]->tcp_sport == 7007/
{
	printf("%s", args[4]->tcp_flags & TH_SYN ? "S" : "");
	printf("%s", args[4]->tcp_flags & TH_FIN ? "F" : "");
	printf("%s", args[4]->tcp_flags & TH_PUSH ? "P" : "");
	printf("%s\n", args[4]->tcp_flags & TH_ACK ? "." : "");
}

END
{
	printf("%d %d \n", syn, syn);
}
