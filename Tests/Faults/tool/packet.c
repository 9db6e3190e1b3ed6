/* Sends one frame (or `count=N`) that is correct except for the errors that the arguments ask for. */
#include "tool.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct frame {
	uint8_t bytes[9000];
	size_t length;
	size_t network;	  /* offset of the IP header */
	size_t transport; /* offset of the header after it */
};

static void put(struct frame *frame, const void *bytes, size_t length)
{
	memcpy(frame->bytes + frame->length, bytes, length);
	frame->length += length;
}

static void put8(struct frame *frame, unsigned value)
{
	frame->bytes[frame->length++] = (uint8_t)value;
}

static void put16(struct frame *frame, unsigned value)
{
	put8(frame, value >> 8 & 255);
	put8(frame, value & 255);
}

static void set16(struct frame *frame, size_t at, unsigned value)
{
	frame->bytes[at] = (uint8_t)(value >> 8);
	frame->bytes[at + 1] = (uint8_t)value;
}

static uint32_t sum(const uint8_t *bytes, size_t length)
{
	uint32_t total = 0;
	for (size_t i = 0; i < length; i++)
		total += (uint32_t)bytes[i] << (i % 2 ? 0 : 8);
	return total;
}

static unsigned folded(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return ~total & 0xffff;
}

static void put_mac(struct frame *frame, const char *text)
{
	unsigned b[6];
	if (sscanf(text, "%x:%x:%x:%x:%x:%x", b, b + 1, b + 2, b + 3, b + 4, b + 5) != 6) {
		errno = EINVAL;
		fail(text);
	}
	for (int i = 0; i < 6; i++)
		put8(frame, b[i]);
}

/* Appends bytes given in hexadecimal. */
static void put_hex(struct frame *frame, const char *text)
{
	unsigned value;
	for (; sscanf(text, "%2x", &value) == 1 && text[1]; text += 2)
		put8(frame, value);
}

static void put_transport(struct frame *frame, int count, char **words, unsigned *protocol)
{
	unsigned source = 0, destination = 0;
	char flags[16] = "";
	const char *udp = option(count, words, "udp", NULL), *tcp = option(count, words, "tcp", NULL);
	frame->transport = frame->length;
	if (udp && sscanf(udp, "%u:%u", &source, &destination) == 2) {
		*protocol = IPPROTO_UDP;
		put16(frame, source);
		put16(frame, destination);
		put16(frame, 8 + (unsigned)number_option(count, words, "payload", 8));
		put16(frame, 0);
	} else if (tcp && sscanf(tcp, "%u:%u:%15s", &source, &destination, flags) >= 2) {
		static const char letters[] = "FSRPAU";
		unsigned bits = 0, seq = (unsigned)number_option(count, words, "seq", 1);
		unsigned ack = (unsigned)number_option(count, words, "ack", 0);
		for (unsigned i = 0; letters[i]; i++)
			bits |= strchr(flags, letters[i]) ? 1u << i : 0;
		*protocol = IPPROTO_TCP;
		put16(frame, source);
		put16(frame, destination);
		put16(frame, seq >> 16);
		put16(frame, seq & 0xffff);
		put16(frame, ack >> 16);
		put16(frame, ack & 0xffff);
		put16(frame, 5 << 12 | bits);
		put16(frame, 1024);
		put16(frame, 0);
		put16(frame, 0);
	} else if (has_word(count, words, "icmp")) {
		*protocol = has_word(count, words, "ipv6") ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
		put16(frame, *protocol == IPPROTO_ICMP ? 0x0800 : 0x8000);
		put16(frame, 0);
		put16(frame, 1);
		put16(frame, 1);
	} else {
		*protocol = (unsigned)number_option(count, words, "proto", 253);
	}
	long payload = number_option(count, words, "payload", 8);
	for (long i = 0; i < payload; i++)
		put8(frame, 'x');
}

/* Computes the checksum over header, payload and, if the protocol has one, the pseudo header. */
static void checksum_transport(struct frame *frame, unsigned protocol, size_t addresses, size_t addresses_length)
{
	static const struct {
		unsigned protocol, offset;
	} places[] = {{IPPROTO_UDP, 6}, {IPPROTO_TCP, 16}, {IPPROTO_ICMP, 2}, {IPPROTO_ICMPV6, 2}};
	size_t length = frame->length - frame->transport;
	uint32_t total = sum(frame->bytes + frame->transport, length);
	if (protocol != IPPROTO_ICMP)
		total += sum(frame->bytes + addresses, addresses_length) + protocol + (uint32_t)length;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (places[i].protocol == protocol)
			set16(frame, frame->transport + places[i].offset, folded(total));
}

static void build_ipv4(struct frame *frame, int count, char **words)
{
	unsigned protocol = 0;
	uint8_t source[4], destination[4];
	if (inet_pton(AF_INET, option(count, words, "src", "0.0.0.0"), source) != 1 ||
	    inet_pton(AF_INET, option(count, words, "dst", "0.0.0.0"), destination) != 1)
		fail("src= or dst=");
	const char *options = option(count, words, "options", "");
	unsigned words_of_header = 5 + (unsigned)(strlen(options) / 8);
	unsigned fragment = (unsigned)number_option(count, words, "offset", 0) / 8;
	fragment |= has_word(count, words, "more") ? 0x2000 : has_word(count, words, "df") ? 0x4000 : 0;

	put8(frame, 0x40 | words_of_header);
	put8(frame, (unsigned)number_option(count, words, "tos", 0));
	put16(frame, 0);
	put16(frame, (unsigned)number_option(count, words, "id", 1));
	put16(frame, fragment);
	put8(frame, (unsigned)number_option(count, words, "ttl", 64));
	put8(frame, 0);
	put16(frame, 0);
	put(frame, source, 4);
	put(frame, destination, 4);
	put_hex(frame, options);
	put_transport(frame, count, words, &protocol);
	frame->bytes[frame->network + 9] = (uint8_t)protocol;
	set16(frame, frame->network + 2, (unsigned)(frame->length - frame->network));
	set16(frame, frame->network + 10, folded(sum(frame->bytes + frame->network, words_of_header * 4)));
	checksum_transport(frame, protocol, frame->network + 12, 8);
}

static void build_ipv6(struct frame *frame, int count, char **words)
{
	unsigned protocol = 0;
	uint8_t source[16], destination[16];
	if (inet_pton(AF_INET6, option(count, words, "src", "::"), source) != 1 ||
	    inet_pton(AF_INET6, option(count, words, "dst", "::"), destination) != 1)
		fail("src= or dst=");
	put16(frame, 0x6000);
	put16(frame, 0);
	put16(frame, 0);
	put8(frame, 0);
	put8(frame, (unsigned)number_option(count, words, "ttl", 64));
	put(frame, source, 16);
	put(frame, destination, 16);
	put_transport(frame, count, words, &protocol);
	frame->bytes[frame->network + 6] = (uint8_t)protocol;
	set16(frame, frame->network + 4, (unsigned)(frame->length - frame->transport));
	checksum_transport(frame, protocol, frame->network + 8, 32);
}

/* `patch=OFFSET:HEX` overwrites bytes after all checksums; `cut=N` truncates. Both count from the IP header. */
static void damage(struct frame *frame, int count, char **words)
{
	const char *patch = option(count, words, "patch", NULL);
	if (patch && strchr(patch, ':')) {
		struct frame bytes = {.length = 0};
		put_hex(&bytes, strchr(patch, ':') + 1);
		memcpy(frame->bytes + frame->network + strtoul(patch, NULL, 0), bytes.bytes, bytes.length);
	}
	long cut = number_option(count, words, "cut", 0);
	if (cut > 0)
		frame->length = frame->network + (size_t)cut;
}

int send_packet(int count, char **words)
{
	const char *source = option(count, words, "src", "");
	int ipv6 = strchr(source, ':') != NULL;
	struct frame frame = {.length = 0};
	if (count < 1)
		fail("DEVICE");
	unsigned index = if_nametoindex(words[0]);
	if (!index)
		fail(words[0]);
	put_mac(&frame, option(count, words, "mac", "ff:ff:ff:ff:ff:ff"));
	put_mac(&frame, option(count, words, "from", "02:00:00:00:00:99"));
	if (option(count, words, "vlan", NULL)) {
		put16(&frame, ETHERTYPE_VLAN);
		put16(&frame, (unsigned)number_option(count, words, "vlan", 1));
	}
	put16(&frame, (unsigned)number_option(count, words, "type", ipv6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP));
	frame.network = frame.length;
	if (ipv6)
		build_ipv6(&frame, count, words);
	else
		build_ipv4(&frame, count, words);
	damage(&frame, count, words);

	int descriptor = socket(AF_PACKET, SOCK_RAW, 0);
	struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)index, .sll_halen = 6};
	if (descriptor < 0)
		fail("packet socket");
	for (long i = number_option(count, words, "count", 1); i > 0; i--)
		if (sendto(descriptor, frame.bytes, frame.length, 0, (struct sockaddr *)&address, sizeof(address)) < 0 &&
		    errno != ENOBUFS) /* dropped on the way out, which the fault may intend */
			fail("send");
	return 0;
}
