/* SPDX-License-Identifier: Apache-2.0 */
#include "clibpcap.h"

#include <netdb.h>
#include <nss.h>
#include <pcap/pcap.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(struct clibpcap_instruction) == sizeof(struct bpf_insn), "layout");
_Static_assert(offsetof(struct clibpcap_instruction, jump_true) == offsetof(struct bpf_insn, jt), "layout");
_Static_assert(offsetof(struct clibpcap_instruction, k) == offsetof(struct bpf_insn, k), "layout");
_Static_assert(CLIBPCAP_ETHERNET == DLT_EN10MB, "DLT_EN10MB");
_Static_assert(CLIBPCAP_IP == DLT_RAW, "DLT_RAW");
_Static_assert(CLIBPCAP_COOKED == DLT_LINUX_SLL2, "DLT_LINUX_SLL2");
_Static_assert(CLIBPCAP_ERROR_SIZE >= PCAP_ERRBUF_SIZE, "error buffer");

/*
 * A static executable must not load the machine's NSS modules (sss, ldap,
 * mymachines …): they are built for another libc and crash it. "files" and
 * "dns" are part of libc itself since glibc 2.34.
 */
static void use_built_in_name_services(void)
{
	__nss_configure_lookup("hosts", "files dns");
	__nss_configure_lookup("services", "files");
	__nss_configure_lookup("protocols", "files");
	__nss_configure_lookup("networks", "files");
	__nss_configure_lookup("ethers", "files");
}

static pthread_once_t configured = PTHREAD_ONCE_INIT;

int clibpcap_compile(const char *expression, int link_type, int snaplen,
		     struct clibpcap_program *program, char error[CLIBPCAP_ERROR_SIZE])
{
	struct bpf_program compiled = {};

	pthread_once(&configured, use_built_in_name_services);

	pcap_t *pcap = pcap_open_dead(link_type, snaplen);
	if (!pcap) {
		snprintf(error, CLIBPCAP_ERROR_SIZE, "out of memory");
		return -1;
	}
	int result = pcap_compile(pcap, &compiled, expression, 1, PCAP_NETMASK_UNKNOWN);
	if (result != 0)
		snprintf(error, CLIBPCAP_ERROR_SIZE, "%s", pcap_geterr(pcap));
	pcap_close(pcap);
	if (result != 0)
		return -1;

	program->instructions = (struct clibpcap_instruction *)compiled.bf_insns;
	program->count = compiled.bf_len;
	return 0;
}

uint32_t clibpcap_run(const struct clibpcap_program *program, const uint8_t *packet,
		      uint32_t wire_length, uint32_t captured)
{
	return bpf_filter((const struct bpf_insn *)program->instructions, packet, wire_length, captured);
}

void clibpcap_free(struct clibpcap_program *program)
{
	struct bpf_program compiled = {
		.bf_len = program->count,
		.bf_insns = (struct bpf_insn *)program->instructions,
	};

	pcap_freecode(&compiled);
	memset(program, 0, sizeof(*program));
}

int clibpcap_protocol(const char *name)
{
	struct protoent *entry;

	pthread_once(&configured, use_built_in_name_services);
	entry = getprotobyname(name);
	return entry ? entry->p_proto : -1;
}
