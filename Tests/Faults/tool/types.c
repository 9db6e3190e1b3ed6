/* Type information (BTF) for a program of one function, which tracers of programs need. */
#include "tool.h"

#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { INTEGER = 1, CONTEXT, POINTER, PROTOTYPE, FUNCTION };

#define KIND(kind, vlen) ((uint32_t)(kind) << 24 | (vlen))

/* include/uapi/linux/btf.h; the strings follow. */
struct types {
	struct btf_header header;
	struct btf_type integer;
	uint32_t encoding;
	struct btf_type context, pointer, prototype;
	struct btf_param parameter;
	struct btf_type function;
	char strings[128];
};

/* int NAME(struct CONTEXT *): a descriptor, or -1. */
int load_types(const char *name, const char *context)
{
	struct types types = {
		.header = {.magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(struct btf_header)},
		.integer = {.info = KIND(BTF_KIND_INT, 0), .size = 4},
		.encoding = BTF_INT_SIGNED << 24 | 32,
		.context = {.info = KIND(BTF_KIND_STRUCT, 0), .size = 4},
		.pointer = {.info = KIND(BTF_KIND_PTR, 0), .type = CONTEXT},
		.prototype = {.info = KIND(BTF_KIND_FUNC_PROTO, 1), .type = INTEGER},
		.parameter = {.type = POINTER},
		.function = {.info = KIND(BTF_KIND_FUNC, BTF_FUNC_GLOBAL), .type = PROTOTYPE},
	};
	/* The first string is the empty one. */
	uint32_t used = 1;
	uint32_t *names[] = {&types.integer.name_off, &types.context.name_off, &types.parameter.name_off,
			     &types.function.name_off};
	const char *texts[] = {"int", context, "ctx", name};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t size = strlen(texts[i]) + 1;
		if (used + size > sizeof(types.strings))
			fail("the name is too long");
		*names[i] = used;
		memcpy(types.strings + used, texts[i], size);
		used += (uint32_t)size;
	}
	types.header.type_len = offsetof(struct types, strings) - sizeof(struct btf_header);
	types.header.str_off = types.header.type_len;
	types.header.str_len = used;
	union bpf_attr attributes = {
		.btf = (uintptr_t)&types,
		.btf_size = (uint32_t)(offsetof(struct types, strings) + used),
	};
	return (int)syscall(SYS_bpf, BPF_BTF_LOAD, &attributes, sizeof(attributes));
}

const uint32_t main_function = FUNCTION;
