#!/usr/bin/env -S nettrace d -s
/* Packets handed to drivers by device, and their lengths. */
sdt:net::net_dev_start_xmit
{
	@length[args[1]->name] = quantize(args[0]->len);
}
