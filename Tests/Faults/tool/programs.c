/* Loads BPF programs with a name and a constant result by bpf(2), and pins them for ip and tc to attach. */
#include "tool.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static const struct kind {
	const char *name;
	const char *context;
	short data, data_end; /* where the context has the packet's ends */
	enum bpf_prog_type type;
	enum bpf_attach_type attach;
} kinds[] = {
	{"xdp", "xdp_md", 0, 4, BPF_PROG_TYPE_XDP, 0},
	{"tc", "__sk_buff", 76, 80, BPF_PROG_TYPE_SCHED_CLS, 0},
	{"ingress", "__sk_buff", 76, 80, BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS},
	{"egress", "__sk_buff", 76, 80, BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS},
};

static const struct kind *kind_named(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	errno = EINVAL;
	fail(name);
}

#define MOVE(to, value) ((struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (to), .imm = (int)(value)})
#define COPY(to, from) ((struct bpf_insn){.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (to), .src_reg = (from)})
#define LOAD(to, at) ((struct bpf_insn){.code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = (to), .src_reg = BPF_REG_6, .off = (at)})
#define CALL(helper) ((struct bpf_insn){.code = BPF_JMP | BPF_CALL, .imm = (helper)})

/* Where a UDP datagram in an IPv4 packet without options has its destination port, and where its header ends. */
#define PORT_OFFSET 36
#define UDP_END 42

/* What the program does to the packet before it answers. Returns the number of instructions. */
static size_t write_program(struct bpf_insn *at, const struct kind *kind, int count, char **words)
{
	struct bpf_insn *start = at;
	long port = number_option(count, words, "dport", 0), push = number_option(count, words, "push", 0);
	long length = number_option(count, words, "length", 0), device = number_option(count, words, "redirect", 0);

	*at++ = COPY(BPF_REG_6, BPF_REG_1);
	if (port) {
		*at++ = LOAD(BPF_REG_2, kind->data);
		*at++ = LOAD(BPF_REG_3, kind->data_end);
		*at++ = COPY(BPF_REG_4, BPF_REG_2);
		*at++ = (struct bpf_insn){.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_4, .imm = UDP_END};
		*at++ = (struct bpf_insn){
			.code = BPF_JMP | BPF_JGT | BPF_X, .dst_reg = BPF_REG_4, .src_reg = BPF_REG_3, .off = 1};
		*at++ = (struct bpf_insn){
			.code = BPF_ST | BPF_MEM | BPF_H, .dst_reg = BPF_REG_2, .off = PORT_OFFSET, .imm = htons((uint16_t)port)};
	}
	if (push) {
		*at++ = COPY(BPF_REG_1, BPF_REG_6);
		*at++ = MOVE(BPF_REG_2, -push);
		*at++ = CALL(BPF_FUNC_xdp_adjust_head);
	}
	if (length) {
		*at++ = COPY(BPF_REG_1, BPF_REG_6);
		*at++ = MOVE(BPF_REG_2, length);
		*at++ = MOVE(BPF_REG_3, 0);
		*at++ = CALL(BPF_FUNC_skb_change_tail);
	}
	if (device) {
		*at++ = MOVE(BPF_REG_1, device);
		*at++ = MOVE(BPF_REG_2, 0);
		*at++ = CALL(BPF_FUNC_redirect);
	}
	*at++ = MOVE(BPF_REG_0, atoi(words[2]));
	*at++ = (struct bpf_insn){.code = BPF_JMP | BPF_EXIT};
	return (size_t)(at - start);
}

/* With types, if they are wanted: a program that nobody can trace has none, or the kernel does not trust them. */
static int load(const struct kind *kind, const struct bpf_insn *instructions, size_t size, const char *name, const char *context)
{
	struct bpf_func_info function = {.type_id = main_function};
	char log[4096] = "";
	union bpf_attr attributes = {
		.prog_type = kind->type,
		.expected_attach_type = kind->attach,
		.insns = (uintptr_t)instructions,
		.insn_cnt = (uint32_t)size,
		.license = (uintptr_t) "GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	strncpy(attributes.prog_name, name, sizeof(attributes.prog_name) - 1);
	if (context) {
		int types = load_types(name, context);
		if (types < 0)
			fail("BPF_BTF_LOAD");
		attributes.prog_btf_fd = (uint32_t)types;
		attributes.func_info_rec_size = sizeof(function);
		attributes.func_info = (uintptr_t)&function;
		attributes.func_info_cnt = 1;
	}
	/* Up to 5.10 the memory of programs counts as locked. */
	setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY});
	int program = bpf(BPF_PROG_LOAD, &attributes);
	if (program < 0) {
		fprintf(stderr, "%s\n", log);
		fail("BPF_PROG_LOAD");
	}
	return program;
}

int load_program(int count, char **words)
{
	if (count < 4)
		fail("load KIND NAME VALUE PIN [OPTIONS]");
	const struct kind *kind = kind_named(words[0]);
	const char *context = has_word(count, words, "typed") ? kind->context : has_word(count, words, "untrusted") ? "pt_regs" : NULL;
	struct bpf_insn instructions[32];
	int program = load(kind, instructions, write_program(instructions, kind, count, words), words[1], context);
	union bpf_attr pin = {.pathname = (uintptr_t)words[3], .bpf_fd = (uint32_t)program};
	if (bpf(BPF_OBJ_PIN, &pin) < 0)
		fail("BPF_OBJ_PIN");
	return 0;
}

int probe_tracing(int count, char **words)
{
	(void)count, (void)words;
	const struct kind *kind = kind_named("xdp");
	const struct bpf_insn instructions[] = {MOVE(BPF_REG_0, 0), {.code = BPF_JMP | BPF_EXIT}};
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_TRACING,
		.expected_attach_type = BPF_TRACE_FEXIT,
		.insns = (uintptr_t)instructions,
		.insn_cnt = 2,
		.license = (uintptr_t) "GPL",
		.attach_btf_id = main_function,
		.attach_prog_fd = (uint32_t)load(kind, instructions, 2, "target", kind->context),
	};
	if (bpf(BPF_PROG_LOAD, &attributes) < 0)
		fail("BPF_PROG_LOAD");
	return 0;
}

int attach_to_cgroup(int count, char **words)
{
	if (count < 3)
		fail("cgroup KIND PIN CGROUP");
	union bpf_attr get = {.pathname = (uintptr_t)words[1]};
	int program = bpf(BPF_OBJ_GET, &get), group = open(words[2], O_RDONLY | O_DIRECTORY);
	if (program < 0 || group < 0)
		fail(program < 0 ? words[1] : words[2]);
	union bpf_attr attributes = {
		.target_fd = (uint32_t)group,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = kind_named(words[0])->attach,
	};
	if (bpf(BPF_PROG_ATTACH, &attributes) < 0)
		fail("BPF_PROG_ATTACH");
	return 0;
}

int attach_to_device(int count, char **words)
{
	if (count < 3)
		fail("tcx ingress|egress PIN DEVICE");
	/* enum bpf_attach_type of Linux 6.6 */
	enum { TCX_INGRESS = 46, TCX_EGRESS = 47 };
	union bpf_attr get = {.pathname = (uintptr_t)words[1]};
	int program = bpf(BPF_OBJ_GET, &get);
	unsigned device = if_nametoindex(words[2]);
	if (program < 0 || !device)
		fail(program < 0 ? words[1] : words[2]);
	union bpf_attr attributes = {
		.target_fd = device,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = strcmp(words[0], "egress") == 0 ? TCX_EGRESS : TCX_INGRESS,
	};
	if (bpf(BPF_PROG_ATTACH, &attributes) < 0)
		fail("BPF_PROG_ATTACH");
	return 0;
}
