#define _GNU_SOURCE
#include "packet_socket.h"
#include "result.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

_Static_assert(sizeof(struct nt_classic_instruction) == sizeof(struct sock_filter), "layout");
_Static_assert(offsetof(struct nt_classic_instruction, k) == offsetof(struct sock_filter, k), "layout");

int nt_packet_socket(void)
{
    return result(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
}

int nt_packet_filter(int fd, const struct nt_classic_instruction *program, size_t count)
{
    const struct sock_fprog filter = {(unsigned short)count, (struct sock_filter *)program};
    const int on = 1;

    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) < 0)
        return -errno;
    return result(setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on)));
}

int nt_packet_ring(int fd, uint32_t block_size, uint32_t block_count, uint32_t latency, uint32_t reserve, void **ring)
{
    // Frames of version 3 have any size: the kernel only checks that this one fits.
    const uint32_t frame_size = TPACKET_ALIGNMENT << 7;
    const int version = TPACKET_V3;
    const struct tpacket_req3 request = {
        .tp_block_size = block_size,
        .tp_block_nr = block_count,
        .tp_frame_size = frame_size,
        .tp_frame_nr = block_size / frame_size * block_count,
        .tp_retire_blk_tov = latency,
    };

    if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_RESERVE, &reserve, sizeof(reserve)) < 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)) < 0)
        return -errno;
    *ring = mmap(NULL, (size_t)block_size * block_count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return *ring == MAP_FAILED ? -errno : 0;
}

void nt_packet_unmap(void *ring, size_t size)
{
    munmap(ring, size);
}

int nt_packet_bind(int fd, uint32_t ifindex, uint16_t protocol)
{
    const struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(protocol), .sll_ifindex = (int)ifindex};

    return result(bind(fd, (const struct sockaddr *)&address, sizeof(address)));
}

int nt_packet_promiscuous(int fd, uint32_t ifindex)
{
    const struct packet_mreq request = {.mr_ifindex = (int)ifindex, .mr_type = PACKET_MR_PROMISC};

    return result(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)));
}

int nt_packet_statistics(int fd, uint32_t *packets, uint32_t *lost)
{
    struct tpacket_stats_v3 counts = {0};
    socklen_t size = sizeof(counts);
    int error = result(getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &counts, &size));

    *packets = counts.tp_packets;
    *lost = counts.tp_drops;
    return error;
}

int nt_packet_wait(int fd, int milliseconds)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    int ready = result(poll(&wanted, 1, milliseconds));

    return ready == -EINTR ? 0 : ready;
}

int nt_packet_error(int fd)
{
    int error = 0;
    socklen_t size = sizeof(error);

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? errno : error;
}
