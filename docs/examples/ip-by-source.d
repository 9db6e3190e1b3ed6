#!/usr/bin/env -S nettrace d -s
/* Received packets by source address; forwarded ones count once per hop. */
ip:::receive
{
	@packets[args[2]->ip_saddr] = count();
}
