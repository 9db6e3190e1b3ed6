/* Helpers of the fault laboratory besides ip, tc, nft and socat: packets that no program would send, sockets that misbehave,
 * and BPF programs with a constant result. One static program, since guests have neither a compiler nor Python. */
#ifndef FAULT_TOOL_H
#define FAULT_TOOL_H

#include <stddef.h>
#include <stdint.h>

int send_packet(int count, char **words);
int hold_socket(int count, char **words);
int send_datagrams(int count, char **words);
int connect_sockets(int count, char **words);
int load_program(int count, char **words);
int probe_tracing(int count, char **words);
int attach_to_cgroup(int count, char **words);
int attach_to_device(int count, char **words);
int write_frame(int count, char **words);
int refuse_by_security(int count, char **words);
int make_datapath(int count, char **words);
int list_objects(int count, char **words);
int load_types(const char *name, const char *context);
extern const uint32_t main_function;

/* The value of `NAME=…` among the words, or the fallback. */
const char *option(int count, char **words, const char *name, const char *fallback);
long number_option(int count, char **words, const char *name, long fallback);
/* Whether the word is among the words. */
int has_word(int count, char **words, const char *word);

_Noreturn void fail(const char *what);

#endif
