#!/usr/bin/env -S nettrace d -s
/* Which programs the CPUs run, sampled 99 times a second. */
profile:::profile-99hz
{
	@samples[execname] = count();
}
