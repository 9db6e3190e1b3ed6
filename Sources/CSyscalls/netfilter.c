#include "in_namespace.h"
#include "inspection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int ask(int socket, uint32_t *generation)
{
    struct {
        struct nlmsghdr head;
        struct nfgenmsg family;
    } request = {
        .head = {.nlmsg_len = sizeof(request),
                 .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN,
                 .nlmsg_flags = NLM_F_REQUEST},
        .family = {.nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0},
    };
    const struct timeval patience = {.tv_sec = 1};
    union {
        struct nlmsghdr head;
        char bytes[1024];
    } answer;
    const int start = NLMSG_LENGTH(sizeof(struct nfgenmsg));
    ssize_t size;

    // The kernel answers within send(2), so the timeout only matters if there is no answer.
    if (setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
        send(socket, &request, sizeof(request), 0) < 0)
        return -errno;
    size = recv(socket, &answer, sizeof(answer), 0);
    if (size < 0)
        return -errno;
    if (size < start || answer.head.nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWGEN))
        return -ENODATA;
    for (int offset = start; offset + (int)sizeof(struct nlattr) <= size;) {
        struct nlattr attribute;
        uint32_t value;

        memcpy(&attribute, answer.bytes + offset, sizeof(attribute));
        if (attribute.nla_len < sizeof(attribute))
            break;
        if ((attribute.nla_type & NLA_TYPE_MASK) == NFTA_GEN_ID && attribute.nla_len == sizeof(attribute) + sizeof(value) &&
            offset + attribute.nla_len <= size) {
            memcpy(&value, answer.bytes + offset + sizeof(attribute), sizeof(value));
            *generation = ntohl(value);
            return 0;
        }
        offset += NLA_ALIGN(attribute.nla_len);
    }
    return -ENODATA;
}

int nt_nf_tables_generation(int namespace_fd, uint32_t *generation)
{
    int socket = nt_socket_in_namespace(namespace_fd, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
    int result;

    if (socket < 0)
        return socket;
    result = ask(socket, generation);
    close(socket);
    return result;
}
