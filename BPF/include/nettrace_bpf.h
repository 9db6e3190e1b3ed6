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

/* The object between open and close. Programs and maps belong to the skeleton and end with it. */
struct nettrace_object {
	void *skeleton;
	struct nt_config *config; /* writable until the load */
	struct nt_drop_config *drop_config; /* the same */
	struct nt_limits *limits; /* the same */
	struct nt_tcp_config *tcp_config;   /* the same */
	struct nt_wanted_config *wanted_config; /* the same */
	struct nt_under_config *under_config; /* the same */
	struct bpf_program *kprobe_multi;
	struct bpf_program *kprobe_multi_first;
	struct bpf_program *kretprobe_multi;
	struct bpf_program *kprobe_session;
	struct bpf_program *kprobe;
	struct bpf_program *kprobe_first;
	struct bpf_program *kretprobe;
	struct bpf_program *under;
	struct bpf_program *tracepoint;
	struct bpf_program *tracepoint_template;
	struct bpf_program *drop_summary;
	struct bpf_program *sock_kprobe_multi;
	struct bpf_program *sock_kprobe;
	struct bpf_program *sock_tracepoint;
	struct bpf_program *sock_tracepoint_template;
	struct bpf_program *frame_tracepoint;
	struct bpf_program *frame_tracepoint_template;
	struct bpf_program *xdp_enter_template;
	struct bpf_program *xdp_leave_template;
	struct bpf_program *tc_enter_template;
	struct bpf_program *tc_leave_template;
	struct bpf_program *tcp_segment;
	struct bpf_program *tcp_state;
	struct bpf_program *tcp_destroy;
	struct bpf_program *tcp_reset;
	struct bpf_program *tcp_refresh;
	struct bpf_map *events;
	struct bpf_map *counters;
	struct bpf_map *hook_by_address;
	struct bpf_map *sockets_of_pid;
	struct bpf_map *wanted;
	struct bpf_map *tracked_skbs;
	struct bpf_map *tracked_buffers;
	struct bpf_map *open_calls;
	struct bpf_map *frames_by_stack;
	struct bpf_map *open_runs;
	struct bpf_map *traced_programs;
	struct bpf_map *drop_rows;
	struct bpf_map *drop_others;
	struct bpf_map *tcp_connections;
	struct bpf_map *tcp_unwanted;
	struct bpf_map *tcp_counters;
	struct bpf_map *rtt_rows;
	struct bpf_map *filter_addresses;
	struct bpf_map *filter_ports;
};

/*
 * 0 or -errno. log_level: of the verifier, BPF_LOG_ in the kernel's include/linux/bpf_verifier.h; 0: as libbpf thinks best.
 * types: a file of BTF to relocate against, read by nettrace_object_load; NULL: the running kernel's.
 */
int nettrace_object_open(struct nettrace_object *object, __u32 log_level, const char *types);

/* The types that the programs know, libbpf's struct btf; the object's own. */
const void *nettrace_object_types(const struct nettrace_object *object);
int nettrace_object_load(struct nettrace_object *object);
/* By name; NULL: there is none. */
struct bpf_map *nettrace_object_map(const struct nettrace_object *object, const char *name);
struct bpf_program *nettrace_object_program(const struct nettrace_object *object, const char *name);
void nettrace_object_open_gate(struct nettrace_object *object);
void nettrace_object_close_gate(struct nettrace_object *object);
/* What tables are counted under from now on: nt_drop_key.epoch, nt_rtt_key.epoch. */
void nettrace_object_set_epoch(struct nettrace_object *object, __u8 epoch);
/* Events of all hooks that found no room in the ring so far. */
__u64 nettrace_object_lost(const struct nettrace_object *object);
/* How often the kernel did not run a loaded program where it should have (recursion_misses of struct bpf_prog_info, since
   5.12), all together. 0, or -ENODATA where it does not tell. */
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
