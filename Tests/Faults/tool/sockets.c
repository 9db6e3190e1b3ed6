/* Sockets that misbehave: they do not accept, do not read, refuse by a filter, or lack a key. */
#include "tool.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t parse(const char *text, const char *port, struct sockaddr_storage *address)
{
	struct sockaddr_in *four = (struct sockaddr_in *)address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)atoi(port));
		return sizeof(*four);
	}
	if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1) {
		errno = EINVAL;
		fail(text);
	}
	six->sin6_family = AF_INET6;
	six->sin6_port = htons((uint16_t)atoi(port));
	return sizeof(*six);
}

static void set(int descriptor, int level, int name, const void *value, size_t length, const char *what)
{
	if (setsockopt(descriptor, level, name, value, (socklen_t)length) < 0)
		fail(what);
}

/* `md5=PEER`: signs the connection with this peer. */
static void sign(int descriptor, int count, char **words)
{
	const char *peer = option(count, words, "md5", NULL);
	struct tcp_md5sig signature = {.tcpm_keylen = 6, .tcpm_key = "secret"};
	if (!peer)
		return;
	parse(peer, "0", (struct sockaddr_storage *)&signature.tcpm_addr);
	set(descriptor, IPPROTO_TCP, TCP_MD5SIG, &signature, sizeof(signature), "TCP_MD5SIG");
}

static void apply_options(int descriptor, int count, char **words)
{
	int one = 1, size = (int)number_option(count, words, "rcvbuf", 0);
	const char *device = option(count, words, "device", NULL);
	set(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one), "SO_REUSEADDR");
	if (size)
		set(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size), "SO_RCVBUF");
	if (device)
		set(descriptor, SOL_SOCKET, SO_BINDTODEVICE, device, strlen(device), "SO_BINDTODEVICE");
	int least = (int)number_option(count, words, "minttl", 0);
	if (least)
		set(descriptor, IPPROTO_IP, IP_MINTTL, &least, sizeof(least), "IP_MINTTL");
	if (has_word(count, words, "v6only"))
		set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one), "IPV6_V6ONLY");
	if (has_word(count, words, "filter")) {
		struct sock_filter refuse = BPF_STMT(BPF_RET | BPF_K, 0);
		struct sock_fprog program = {.len = 1, .filter = &refuse};
		set(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program), "SO_ATTACH_FILTER");
	}
	sign(descriptor, count, words);
}

/* `source=PORT`: sends from this port. */
static void bind_source(int descriptor, sa_family_t family, int count, char **words)
{
	const char *port = option(count, words, "source", NULL);
	struct sockaddr_storage own;
	if (!port)
		return;
	socklen_t length = parse(family == AF_INET ? "0.0.0.0" : "::", port, &own);
	if (bind(descriptor, (struct sockaddr *)&own, length) < 0)
		fail("bind");
}

int hold_socket(int count, char **words)
{
	struct sockaddr_storage address;
	if (count < 3)
		fail("hold tcp|udp|raw ADDRESS PORT");
	socklen_t length = parse(words[1], words[2], &address);
	int stream = strcmp(words[0], "tcp") == 0, raw = strcmp(words[0], "raw") == 0;
	int descriptor = socket(address.ss_family, stream ? SOCK_STREAM : raw ? SOCK_RAW : SOCK_DGRAM,
		raw ? atoi(words[2]) : 0);
	if (descriptor < 0)
		fail("socket");
	apply_options(descriptor, count, words);
	if (bind(descriptor, (struct sockaddr *)&address, length) < 0)
		fail("bind");
	if (stream && listen(descriptor, (int)number_option(count, words, "backlog", 8)) < 0)
		fail("listen");
	int accepted = stream && has_word(count, words, "accept") ? accept(descriptor, NULL, NULL) : 0;
	if (accepted < 0)
		fail("accept");
	const char *ready = option(count, words, "ready", NULL);
	if (ready && creat(ready, 0644) < 0)
		fail(ready);
	for (;;)
		pause();
}

int send_datagrams(int count, char **words)
{
	struct sockaddr_storage address;
	if (count < 2)
		fail("datagram ADDRESS PORT");
	socklen_t length = parse(words[0], words[1], &address);
	int descriptor = socket(address.ss_family, SOCK_DGRAM, 0), ttl = (int)number_option(count, words, "ttl", 64);
	if (descriptor < 0)
		fail("socket");
	bind_source(descriptor, address.ss_family, count, words);
	set(descriptor, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl), "IP_TTL");
	for (long i = number_option(count, words, "count", 1); i > 0; i--)
		if (sendto(descriptor, "fault", 5, 0, (struct sockaddr *)&address, length) < 0)
			fail("sendto");
	return 0;
}

int connect_sockets(int count, char **words)
{
	struct sockaddr_storage address;
	if (count < 2)
		fail("connect ADDRESS PORT");
	socklen_t length = parse(words[0], words[1], &address);
	for (long i = number_option(count, words, "count", 1); i > 0; i--) {
		int descriptor = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (descriptor < 0)
			fail("socket");
		apply_options(descriptor, count, words);
		bind_source(descriptor, address.ss_family, count, words);
		if (connect(descriptor, (struct sockaddr *)&address, length) < 0 && errno != EINPROGRESS)
			fail("connect");
	}
	alarm((unsigned)number_option(count, words, "seconds", 0));
	for (;;)
		pause();
}
