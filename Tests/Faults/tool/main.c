#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command {
	const char *name;
	int (*run)(int count, char **words);
	const char *usage;
} commands[] = {
	{"send", send_packet, "DEVICE mac=MAC src=IP dst=IP udp=S:D|tcp=S:D:FLAGS|icmp|proto=N [ttl= payload= …]"},
	{"hold", hold_socket, "tcp|udp|raw ADDRESS PORT [backlog= rcvbuf= md5= device= filter ready=FILE] : keeps a socket"},
	{"datagram", send_datagrams, "ADDRESS PORT [count= ttl= source=]"},
	{"connect", connect_sockets, "ADDRESS PORT [count= md5= source= seconds=] : starts connections and keeps them"},
	{"load", load_program, "xdp|tc|ingress|egress NAME VALUE PIN [typed|untrusted] [dport= push= length= redirect=] : a program that always "
		 "returns VALUE"},
	{"traceable", probe_tracing, ": whether BPF programs can be traced here"},
	{"cgroup", attach_to_cgroup, "ingress|egress PIN CGROUP"},
	{"tcx", attach_to_device, "ingress|egress PIN DEVICE"},
	{"tap", write_frame, "DEVICE : writes a frame to a tap device, whose driver has no skb for it yet"},
	{"security", refuse_by_security, "NAME PORT [ready=FILE] : sockets of that port receive nothing, as long as it runs"},
	{"datapath", make_datapath, "NAME PORT… : an Open vSwitch datapath with these ports and no daemon"},
	{"objects", list_objects, ": the BPF programs, maps, links and types in the kernel, one a line"},
};

const char *option(int count, char **words, const char *name, const char *fallback)
{
	size_t length = strlen(name);
	for (int i = 0; i < count; i++)
		if (strncmp(words[i], name, length) == 0 && words[i][length] == '=')
			return words[i] + length + 1;
	return fallback;
}

long number_option(int count, char **words, const char *name, long fallback)
{
	const char *text = option(count, words, name, NULL);
	return text ? strtol(text, NULL, 0) : fallback;
}

int has_word(int count, char **words, const char *word)
{
	for (int i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return 1;
	return 0;
}

void fail(const char *what)
{
	fprintf(stderr, "faulttool: %s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int count, char **words)
{
	for (size_t i = 0; count > 1 && i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(words[1], commands[i].name) == 0)
			return commands[i].run(count - 2, words + 2);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		fprintf(stderr, "faulttool %s %s\n", commands[i].name, commands[i].usage);
	return 64;
}
