/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the C side offers to Swift: the record layouts, the BPF object, the embedded tracers.json. */
#ifndef NETTRACE_BPF_H
#define NETTRACE_BPF_H

#include <stddef.h>
#include "nettrace_abi.h"
#include "nettrace_drops.h"
#include "nettrace_filter.h"
#include "nettrace_frame.h"
#include "nettrace_payload.h"
#include "nettrace_replay.h"
#include "nettrace_run.h"
#include "nettrace_sock.h"
#include "nettrace_tcp.h"
#include "nettrace_under.h"
#include "nettrace_wanted.h"

struct bpf_map;
struct bpf_program;

/* The object between open and close. */
struct nettrace_object {
	void *skeleton;
	struct nt_config *config; /* writable until the load */
	struct nt_drop_config *drop_config; /* the same */
	struct nt_limits *limits; /* the same */
	struct nt_tcp_config *tcp_config;   /* the same */
	struct nt_wanted_config *wanted_config; /* the same */
	struct nt_under_config *under_config; /* the same */
};

/*
 * 0 or -errno. Programs load only if bpf_program__set_autoload() asks for them. log_level: of the verifier, BPF_LOG_ in the kernel's include/linux/bpf_verifier.h; 0: as libbpf thinks best.
 * types: a file of BTF to relocate against, read by nettrace_object_load; NULL: the running kernel's.
 */
int nettrace_object_open(struct nettrace_object *object, __u32 log_level, const char *types);

/* A program or map by its name in the source; it belongs to the object and ends with it. NULL: there is none. */
struct bpf_program *nettrace_object_program(const struct nettrace_object *object, const char *name);
struct bpf_map *nettrace_object_map(const struct nettrace_object *object, const char *name);

/* The types that the programs know, libbpf's struct btf; the object's own. */
const void *nettrace_object_types(const struct nettrace_object *object);
int nettrace_object_load(struct nettrace_object *object);
void nettrace_object_open_gate(struct nettrace_object *object);
void nettrace_object_close_gate(struct nettrace_object *object);
/* What tables are counted under from now on: nt_drop_key.epoch, nt_rtt_key.epoch. */
void nettrace_object_set_epoch(struct nettrace_object *object, __u8 epoch);
/* Events of all hooks that found no room in the ring so far. */
__u64 nettrace_object_lost(const struct nettrace_object *object);
/* How often the kernel did not run a loaded program where it should have (recursion_misses of struct bpf_prog_info, since
   5.12), all together. 0, or -ENODATA if it does not report this. */
int nettrace_object_missed(const struct nettrace_object *object, __u64 *missed);
/* The same of one program. */
int nettrace_program_missed(int program, __u64 *missed);
void nettrace_object_close(struct nettrace_object *object);

/*
 * The bytes of tracers.json, embedded at build time; not NUL-terminated.
 * A pointer, since Swift can't import an array of unknown size.
 */
extern const unsigned char *const nettrace_tracers_json;
extern const size_t nettrace_tracers_json_size;

#endif
