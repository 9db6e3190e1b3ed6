/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Where the kernel has the memory of a page. On x86-64 all memory is mapped in one piece from page_offset_base on, and
 * all struct page stand in one array from vmemmap_base on (arch/x86/include/asm/page_64.h, pgtable_64.h). Both are
 * random at each boot, and /proc/kallsyms lists variables only with CONFIG_KALLSYMS_ALL; so they are read where the
 * code of free_pages() refers to them: it turns an address into a page (virt_to_page()). On other machines nothing is
 * found, and only linear areas are read.
 */
#ifndef NETTRACE_KERNEL_PAGES_H
#define NETTRACE_KERNEL_PAGES_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/linux/mm_types.h: only its size matters. */
struct page {
	unsigned long flags;
};

#pragma clang attribute pop

#define PAGE_SHIFT 12
#define CODE_BYTES 128
/* kaslr.c: kernel_randomize_memory() moves both by multiples of a PUD's size. */
#define REGION_ALIGNMENT (1ull << 30)

/* 0: not found. */
volatile __u64 direct_map = 0;
volatile __u64 page_array = 0;

/* With page tables of five levels, addresses of the kernel have fewer leading ones. */
static __always_inline bool is_region(__u64 value)
{
	return value >> 56 == 0xff && value % REGION_ALIGNMENT == 0;
}

/* Whether the instruction adds, subtracts, compares or loads 64 bits relative to its own address. */
static __always_inline bool refers_to_variable(__u64 code)
{
	__u8 opcode = code >> 8;

	return (code & 0xf8) == 0x48 && (opcode == 0x8b || opcode == 0x03 || opcode == 0x2b || opcode == 0x3b) &&
	       (code >> 16 & 0xc7) == 0x05;
}

/* User space runs it once (BPF_PROG_TEST_RUN) before the gate opens, if it wants whole packets. */
SEC("raw_tracepoint")
int nt_find_pages(void *ctx)
{
	__u64 code, value;

#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < CODE_BYTES; i++) {
		code = 0;
		value = 0;
		bpf_probe_read_kernel(&code, sizeof(code), (const void *)(config.free_pages + i));
		if (!refers_to_variable(code))
			continue;
		/* Four bytes of offset end the instruction of seven. */
		bpf_probe_read_kernel(&value, sizeof(value),
				      (const void *)(config.free_pages + i + 7 + (__s64)(__s32)(code >> 24)));
		if (!is_region(value))
			continue;
		if (!direct_map || value < direct_map)
			direct_map = value;
		if (value > page_array)
			page_array = value;
	}
	if (direct_map == page_array)
		direct_map = 0;
	return 0;
}

/* 0 where the memory is not the kernel's own (struct net_iov), or its place is not known. */
static __always_inline __u64 page_memory(__u64 page)
{
	__u64 size = bpf_core_type_size(struct page);

	if (!direct_map || page & 1 || page < page_array || !size)
		return 0;
	return direct_map + ((page - page_array) / size << PAGE_SHIFT);
}

#endif
