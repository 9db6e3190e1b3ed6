/*
 * Lists BPF objects in the kernel that no process holds, to compare the state before and after a run. Objects that
 * a running program holds come and go with it, and are left out.
 */
#include "tool.h"

#include <errno.h>
#include <glob.h>
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
	const char *name, *key;
	int next, open;
} classes[] = {
	{"program", "prog_id:", BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID},
	{"map", "map_id:", BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID},
	{"link", "link_id:", BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID},
	{"btf", "btf_id:", BPF_BTF_GET_NEXT_ID, BPF_BTF_GET_FD_BY_ID},
};
enum { PROGRAM, MAP, LINK, TYPES, CLASSES };

/* Ids that processes hold, by class. */
static struct {
	uint32_t numbers[1 << 16];
	size_t count;
} held[CLASSES];

static int is_held(int class, uint32_t number)
{
	for (size_t i = 0; i < held[class].count; i++)
		if (held[class].numbers[i] == number)
			return 1;
	return 0;
}

static void hold(int class, uint32_t number)
{
	size_t room = sizeof(held[class].numbers) / sizeof(*held[class].numbers);

	if (number && held[class].count < room && !is_held(class, number))
		held[class].numbers[held[class].count++] = number;
}

/* A held program also holds its maps, and the BTF of both. */
static void hold_what_they_need(void)
{
	for (size_t i = 0; i < held[PROGRAM].count; i++) {
		uint32_t maps[256] = {};
		struct bpf_prog_info program = {.nr_map_ids = 256, .map_ids = (uintptr_t)maps};
		union bpf_attr wanted = {.prog_id = held[PROGRAM].numbers[i]};
		int descriptor = bpf(BPF_PROG_GET_FD_BY_ID, &wanted);
		union bpf_attr attributes = {.info = {
			.bpf_fd = (uint32_t)descriptor, .info_len = sizeof(program), .info = (uintptr_t)&program}};

		if (descriptor < 0)
			continue;
		if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes) == 0) {
			hold(TYPES, program.btf_id);
			for (uint32_t map = 0; map < program.nr_map_ids && map < 256; map++)
				hold(MAP, maps[map]);
		}
		close(descriptor);
	}
	for (size_t i = 0; i < held[MAP].count; i++) {
		struct bpf_map_info map = {};
		union bpf_attr wanted = {.map_id = held[MAP].numbers[i]};
		int descriptor = bpf(BPF_MAP_GET_FD_BY_ID, &wanted);
		union bpf_attr attributes = {.info = {
			.bpf_fd = (uint32_t)descriptor, .info_len = sizeof(map), .info = (uintptr_t)&map}};

		if (descriptor < 0)
			continue;
		if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attributes) == 0)
			hold(TYPES, map.btf_id);
		close(descriptor);
	}
}

static void find_held(void)
{
	glob_t files;

	if (glob("/proc/[0-9]*/fdinfo/*", GLOB_NOSORT, NULL, &files) != 0)
		return;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *file = fopen(files.gl_pathv[i], "r");
		char key[64];
		uint32_t number;

		if (!file)
			continue;
		for (char line[256]; fgets(line, sizeof(line), file);)
			if (sscanf(line, "%63s %u", key, &number) == 2)
				for (int class = 0; class < CLASSES; class++)
					if (strcmp(key, classes[class].key) == 0)
						hold(class, number);
		fclose(file);
	}
	globfree(&files);
	hold_what_they_need();
}

/* Prints the name of a program or map; links and types have none. */
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
	find_held();
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		union bpf_attr walk = {};

		while (bpf(classes[i].next, &walk) == 0) {
			union bpf_attr wanted = {.prog_id = walk.next_id};
			int descriptor = bpf(classes[i].open, &wanted);

			walk.start_id = walk.next_id;
			if (is_held((int)i, walk.next_id)) {
				if (descriptor >= 0)
					close(descriptor);
				continue;
			}
			/* The object is gone in the meantime. */
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
