// AF_PACKET sockets with TPACKET_V3 rings (Documentation/networking/packet_mmap.rst, include/uapi/linux/if_packet.h).
// Each function returns 0 or more, or -errno.
#pragma once

#include <linux/if_packet.h>
#include <stddef.h>
#include <stdint.h>

// A classic BPF instruction, laid out as struct sock_filter.
struct nt_classic_instruction {
    uint16_t code;
    uint8_t jump_true;
    uint8_t jump_false;
    uint32_t k;
};

// socket(2), AF_PACKET: frames with their link headers. It receives nothing until it is bound.
int nt_packet_socket(void);

// SO_ATTACH_FILTER and SO_LOCK_FILTER: the value that the program returns is the most bytes of a packet to keep.
int nt_packet_filter(int fd, const struct nt_classic_instruction *program, size_t count);

// PACKET_VERSION, PACKET_RESERVE, PACKET_RX_RING, mmap(2): a ring of blocks. A block goes to user space when it is full
// or `latency` milliseconds old. Returns 0 and the mapping, which nt_packet_unmap ends.
int nt_packet_ring(int fd, uint32_t block_size, uint32_t block_count, uint32_t latency, uint32_t reserve, void **ring);
void nt_packet_unmap(void *ring, size_t size);

// bind(2) to a device (0: all) and a protocol in host byte order.
int nt_packet_bind(int fd, uint32_t ifindex, uint16_t protocol);

// PACKET_ADD_MEMBERSHIP, PACKET_MR_PROMISC: ends with the socket.
int nt_packet_promiscuous(int fd, uint32_t ifindex);

// PACKET_STATISTICS since the last call: packets that passed the filter, lost ones among them, and those that were lost.
int nt_packet_statistics(int fd, uint32_t *packets, uint32_t *lost);

// poll(2) for a block. Returns 1 if something happened, 0 on timeout or after a signal.
int nt_packet_wait(int fd, int milliseconds);

// SO_ERROR: the error that waits on the socket, as a positive errno, or 0.
int nt_packet_error(int fd);

// The fields of a packet's header in a ring.
struct nt_ring_packet {
    // From this header to that of the next packet.
    uint32_t next;
    uint32_t seconds;
    uint32_t nanoseconds;
    uint32_t captured;
    uint32_t wire;
    // TP_STATUS_…
    uint32_t status;
    // Places of the link header and of the network header, from this header on.
    uint16_t link_start;
    uint16_t network_start;
    uint16_t vlan_tag;
    uint16_t vlan_protocol;
    uint32_t ifindex;
    // Of the network header, in host byte order.
    uint16_t protocol;
    // ARPHRD_…
    uint16_t hardware;
    // PACKET_HOST …
    uint8_t type;
    uint8_t address_size;
    uint8_t address[8];
};

static inline struct nt_ring_packet nt_ring_packet(const void *header)
{
    const struct tpacket3_hdr *head = (const struct tpacket3_hdr *)header;
    const struct sockaddr_ll *from =
        (const struct sockaddr_ll *)((const char *)header + TPACKET_ALIGN(sizeof(struct tpacket3_hdr)));
    struct nt_ring_packet packet = {
        .next = head->tp_next_offset,
        .seconds = head->tp_sec,
        .nanoseconds = head->tp_nsec,
        .captured = head->tp_snaplen,
        .wire = head->tp_len,
        .status = head->tp_status,
        .link_start = head->tp_mac,
        .network_start = head->tp_net,
        .vlan_tag = (uint16_t)head->hv1.tp_vlan_tci,
        .vlan_protocol = head->hv1.tp_vlan_tpid,
        .ifindex = (uint32_t)from->sll_ifindex,
        .protocol = __builtin_bswap16(from->sll_protocol),
        .hardware = from->sll_hatype,
        .type = from->sll_pkttype,
        .address_size = from->sll_halen,
    };

    __builtin_memcpy(packet.address, from->sll_addr, sizeof(packet.address));
    return packet;
}

// Whether a block belongs to user space; all that the kernel wrote to it is then visible.
static inline int nt_block_is_ready(const void *block)
{
    const struct tpacket_block_desc *description = (const struct tpacket_block_desc *)block;

    return (__atomic_load_n(&description->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) != 0;
}

static inline uint32_t nt_block_packets(const void *block)
{
    return ((const struct tpacket_block_desc *)block)->hdr.bh1.num_pkts;
}

static inline uint32_t nt_block_first(const void *block)
{
    return ((const struct tpacket_block_desc *)block)->hdr.bh1.offset_to_first_pkt;
}

// Returns a block to the kernel.
static inline void nt_block_release(void *block)
{
    __atomic_store_n(&((struct tpacket_block_desc *)block)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}
