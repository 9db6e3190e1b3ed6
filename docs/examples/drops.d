#!/usr/bin/env -S nettrace d -s
/* Dropped packets by the function that dropped them. */
sdt:skb::kfree_skb
{
	@drops[func(arg1)] = count();
}
