/* Loads BPF programs with a name and a constant result by bpf(2), and pins them for ip and tc to attach. */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
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
	enum bpf_prog_type type;
	enum bpf_attach_type attach;
} kinds[] = {
	{"xdp", BPF_PROG_TYPE_XDP, 0},
	{"tc", BPF_PROG_TYPE_SCHED_CLS, 0},
	{"ingress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS},
	{"egress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS},
};

static const struct kind *kind_named(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	errno = EINVAL;
	fail(name);
}

int load_program(int count, char **words)
{
	if (count < 4)
		fail("load KIND NAME VALUE PIN");
	const struct kind *kind = kind_named(words[0]);
	/* Up to 5.10, memory of programs counts as locked. */
	setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY});
	struct bpf_insn instructions[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = atoi(words[2])},
		{.code = BPF_JMP | BPF_EXIT},
	};
	char log[4096] = "";
	union bpf_attr attributes = {
		.prog_type = kind->type,
		.expected_attach_type = kind->attach,
		.insns = (uintptr_t)instructions,
		.insn_cnt = 2,
		.license = (uintptr_t) "GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	strncpy(attributes.prog_name, words[1], sizeof(attributes.prog_name) - 1);
	int program = bpf(BPF_PROG_LOAD, &attributes);
	if (program < 0) {
		fprintf(stderr, "%s\n", log);
		fail("BPF_PROG_LOAD");
	}
	union bpf_attr pin = {.pathname = (uintptr_t)words[3], .bpf_fd = (uint32_t)program};
	if (bpf(BPF_OBJ_PIN, &pin) < 0)
		fail("BPF_OBJ_PIN");
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
