// inject link IFACE DESTINATION-MAC | inject raw: sends packets from standard input, one per line in hexadecimal, from
// the network header on: as frames out of a device, or through the local output path.
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned char packet[2048];

static int send_frame(const char *device, const char *mac, size_t length)
{
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_halen = 6};
    unsigned protocol = packet[0] >> 4 == 6 ? 0x86dd : 0x0800;
    int fd = socket(AF_PACKET, SOCK_DGRAM, 0);

    to.sll_protocol = htons(protocol);
    to.sll_ifindex = (int)if_nametoindex(device);
    sscanf(mac, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &to.sll_addr[0], &to.sll_addr[1], &to.sll_addr[2], &to.sll_addr[3],
           &to.sll_addr[4], &to.sll_addr[5]);
    int failed = sendto(fd, packet, length, 0, (struct sockaddr *)&to, sizeof to) < 0;
    close(fd);
    return failed;
}

static int send_raw(size_t length)
{
    int failed;

    if (packet[0] >> 4 == 6) {
        struct sockaddr_in6 to = {.sin6_family = AF_INET6};
        int fd = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);

        memcpy(&to.sin6_addr, packet + 24, 16);
        failed = sendto(fd, packet, length, 0, (struct sockaddr *)&to, sizeof to) < 0;
        close(fd);
    } else {
        struct sockaddr_in to = {.sin_family = AF_INET};
        int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

        memcpy(&to.sin_addr, packet + 16, 4);
        failed = sendto(fd, packet, length, 0, (struct sockaddr *)&to, sizeof to) < 0;
        close(fd);
    }
    return failed;
}

int main(int count, char **words)
{
    unsigned byte;
    size_t length = 0;

    while (length < sizeof packet && scanf("%2x", &byte) == 1)
        packet[length++] = (unsigned char)byte;
    if (!length)
        return 2;
    return count == 4 ? send_frame(words[2], words[3], length) : send_raw(length);
}
