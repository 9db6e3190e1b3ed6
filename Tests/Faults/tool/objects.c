/* BPF objects that the kernel holds at the moment, whoever made them: for comparisons of before and after. */
#include "tool.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static const struct {
	const char *name;
	int next, open;
} classes[] = {
	{"program", BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID},
	{"map", BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID},
	{"link", BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID},
	{"btf", BPF_BTF_GET_NEXT_ID, BPF_BTF_GET_FD_BY_ID},
};

/* Links and types have no name of their own. */
static void print_name(const char *class, int descriptor)
{
	struct bpf_prog_info program = {};
	struct bpf_map_info map = {};
	int is_program = strcmp(class, "program") == 0, is_map = strcmp(class, "map") == 0;
	union bpf_attr attributes = {.info = {.bpf_fd = (uint32_t)descriptor}};

	attributes.info.info = is_program ? (uintptr_t)&program : (uintptr_t)&map;
	attributes.info.info_len = is_program ? sizeof(program) : sizeof(map);
	if ((is_program || is_map) && bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes) == 0)
		printf(" %s", is_program ? program.name : map.name);
}

int list_objects(int count, char **words)
{
	(void)count, (void)words;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		union bpf_attr walk = {};

		while (bpf(classes[i].next, &walk) == 0) {
			union bpf_attr wanted = {.prog_id = walk.next_id};
			int descriptor = bpf(classes[i].open, &wanted);

			walk.start_id = walk.next_id;
			/* It has gone meanwhile. */
			if (descriptor < 0 && errno == ENOENT)
				continue;
			printf("%s %u", classes[i].name, walk.next_id);
			if (descriptor >= 0) {
				print_name(classes[i].name, descriptor);
				close(descriptor);
			}
			putchar('\n');
		}
		if (errno != ENOENT)
			fail(classes[i].name);
	}
	return 0;
}
