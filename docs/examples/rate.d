#!/usr/bin/env -S nettrace d -s
/* Packets per second, sent and received. */
#pragma D option quiet

ip:::send { @sent = count(); }
ip:::receive { @received = count(); }

profile:::tick-1s
{
	printa("sent %@8d\n", @sent);
	printa("received %@8d\n", @received);
	clear(@sent);
	clear(@received);
}
