#!/usr/bin/env -S nettrace d -s
/* Changes of TCP connections' states, by old and new state (TCP_STATE_ numbers). */
sdt:sock::inet_sock_set_state
{
	@changes[args[1], args[2]] = count();
}
