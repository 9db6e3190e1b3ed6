#!/usr/bin/env -S nettrace d -s
/* A line for each packet: time since the previous one, direction, addresses, device, payload. */
#pragma D option quiet
#pragma D option switchrate=10hz

dtrace:::BEGIN
{
	printf("%9s %26s    %-26s %-10s %5s\n", "us", "from", "to", "device", "bytes");
	before = timestamp;
}

ip:::send, ip:::receive
{
	this->passed = (timestamp - before) / 1000;
	printf("%9d %26s %s %-26s %-10s %5d\n", this->passed, args[2]->ip_saddr, probename == "send" ? "=>" : "<=",
	    args[2]->ip_daddr, args[3]->if_name, args[2]->ip_plength);
	before = timestamp;
}
