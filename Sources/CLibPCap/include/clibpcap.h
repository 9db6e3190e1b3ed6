/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libpcap's filter compiler, the only part of libpcap that nettrace uses.
 *
 * This header does not include libpcap's own: <pcap/bpf.h> and <linux/bpf.h>
 * both define struct bpf_insn, and a program may import both sides.
 */
#ifndef CLIBPCAP_H
#define CLIBPCAP_H

#include <stddef.h>
#include <stdint.h>

/* One classic BPF instruction, with the layout of struct bpf_insn in <pcap/bpf.h>. */
struct clibpcap_instruction {
	uint16_t code;
	uint8_t jump_true;
	uint8_t jump_false;
	uint32_t k;
};

struct clibpcap_program {
	struct clibpcap_instruction *instructions; /* owned; freed by clibpcap_free() */
	uint32_t count;
};

#define CLIBPCAP_ERROR_SIZE 256 /* PCAP_ERRBUF_SIZE */

enum clibpcap_link_type {
	CLIBPCAP_ETHERNET = 1,  /* DLT_EN10MB */
	CLIBPCAP_IP = 12,       /* DLT_RAW: IPv4 or IPv6 without a link header */
	CLIBPCAP_COOKED = 276,  /* DLT_LINUX_SLL2 */
};

/*
 * Compiles a pcap-filter(7) expression for packets of a link type (a DLT_ number).
 *
 * snaplen: the value that the program returns for a match, at least 1.
 * Returns 0, or -1 with libpcap's message in error. May block: names of hosts,
 * services and protocols are looked up in files, host names then in DNS.
 */
int clibpcap_compile(const char *expression, int link_type, int snaplen,
		     struct clibpcap_program *program, char error[CLIBPCAP_ERROR_SIZE]);

/*
 * Runs a program in libpcap's interpreter, the reference for tests.
 * captured: readable bytes at packet, at most wire_length. Returns 0 if the packet does not match.
 */
uint32_t clibpcap_run(const struct clibpcap_program *program, const uint8_t *packet,
		      uint32_t wire_length, uint32_t captured);

/* The number of a protocol that /etc/protocols lists under this name; -1 if it does not. */
int clibpcap_protocol(const char *name);

void clibpcap_free(struct clibpcap_program *program);

#endif
