#!/usr/bin/env -S nettrace d -s
/* Who asks for connections to which port: first segments of handshakes. */
tcp:::receive
/(args[4]->tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN/
{
	@connects[args[2]->ip_saddr, args[4]->tcp_dport] = count();
}
