#!/usr/bin/env -S nettrace d -s
/* The sizes of packets by device and direction. */
ip:::send, ip:::receive
{
	@size[args[3]->if_name, probename] = quantize(args[2]->ip_plength);
}
