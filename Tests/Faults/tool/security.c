/* Attaches a BPF LSM program; needs the BPF LSM to be active (Debian 12 and later). */
#include "tool.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <unistd.h>

/* Offset of skc_num, the local port, in include/net/sock.h; the same in all kernels since 3.13. */
#define SOCK_PORT 14

int refuse_by_security(int count, char **words)
{
	if (count < 2)
		fail("security NAME PORT");
	struct bpf_insn instructions[] = {
		/* The hook's first argument is the sock. */
		{.code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_1},
		{.code = BPF_LDX | BPF_MEM | BPF_H, .dst_reg = BPF_REG_2, .src_reg = BPF_REG_1, .off = SOCK_PORT},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_JNE | BPF_K, .dst_reg = BPF_REG_2, .off = 1, .imm = atoi(words[1])},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -EPERM},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int type = libbpf_find_vmlinux_btf_id("socket_sock_rcv_skb", BPF_LSM_MAC);
	if (type < 0)
		fail("socket_sock_rcv_skb");
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_LSM_MAC, .attach_btf_id = (uint32_t)type);
	int program = bpf_prog_load(BPF_PROG_TYPE_LSM, words[0], "GPL", instructions,
				    sizeof(instructions) / sizeof(*instructions), &options);
	if (program < 0)
		fail("BPF_PROG_LOAD");
	if (bpf_raw_tracepoint_open(NULL, program) < 0)
		fail("BPF_RAW_TRACEPOINT_OPEN");
	const char *ready = option(count, words, "ready", NULL);
	if (ready)
		close(open(ready, O_CREAT | O_WRONLY, 0600));
	else
		return 0;
	for (;;)
		pause();
}
