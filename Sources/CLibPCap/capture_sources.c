/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stubs for libpcap's capture sources, which nettrace never opens, so that a
 * static link does not pull in the real ones.
 *
 * pcap_open_dead() lives in libpcap's pcap.o, next to a table of every capture
 * source the library was built with. With a static libpcap.a that table pulls
 * in their object files, and those need libdbus, libsystemd and libibverbs.
 * The linker finds these definitions before it searches the archive, and so
 * leaves the archive's members out. A shared libpcap uses its own sources.
 *
 * The signatures are those of pcap-int.h and of the pcap-SOURCE.h headers,
 * libpcap 1.10. The list covers all sources that Debian 11 to 13 build.
 */
#include <pcap/pcap.h>
#include <stdio.h>

#pragma GCC visibility push(hidden)

struct pcap_if_list;

/* Fails with a message, as a source reports a device that it cannot open. */
static pcap_t *no_such_source(char *error)
{
	snprintf(error, PCAP_ERRBUF_SIZE, "no such capture source");
	return NULL;
}

#define ABSENT_SOURCE(name)                                              \
	pcap_t *name##_create(const char *device, char *error, int *is_ours); \
	pcap_t *name##_create(const char *device, char *error, int *is_ours)  \
	{                                                                \
		(void)device;                                            \
		*is_ours = 0;                                            \
		return no_such_source(error);                            \
	}                                                                \
	int name##_findalldevs(struct pcap_if_list *devices, char *error); \
	int name##_findalldevs(struct pcap_if_list *devices, char *error)  \
	{                                                                \
		(void)devices;                                           \
		(void)error;                                             \
		return 0;                                                \
	}

ABSENT_SOURCE(bt)
ABSENT_SOURCE(bt_monitor)
ABSENT_SOURCE(dbus)
ABSENT_SOURCE(netfilter)
ABSENT_SOURCE(rdmasniff)
ABSENT_SOURCE(usb)

/* The network interfaces, the only source without a prefix. */
pcap_t *pcap_create_interface(const char *device, char *error);
pcap_t *pcap_create_interface(const char *device, char *error)
{
	(void)device;
	return no_such_source(error);
}

int pcap_platform_finddevs(struct pcap_if_list *devices, char *error);
int pcap_platform_finddevs(struct pcap_if_list *devices, char *error)
{
	(void)devices;
	(void)error;
	return 0;
}

#pragma GCC visibility pop
