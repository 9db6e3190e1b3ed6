/* Makes an Open vSwitch datapath without flows and daemon by generic netlink, as ovs-dpctl does. */
#include "tool.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
	struct nlmsghdr message;
	struct genlmsghdr generic;
	char rest[512];
};

static void begin(struct request *request, int family, int command, int version)
{
	memset(request, 0, sizeof(*request));
	request->message.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	request->message.nlmsg_type = (uint16_t)family;
	request->message.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	request->generic.cmd = (uint8_t)command;
	request->generic.version = (uint8_t)version;
}

static void put(struct request *request, int type, const void *value, size_t length)
{
	struct nlattr *attribute = (struct nlattr *)((char *)request + NLMSG_ALIGN(request->message.nlmsg_len));
	attribute->nla_type = (uint16_t)type;
	attribute->nla_len = (uint16_t)(NLA_HDRLEN + length);
	memcpy((char *)attribute + NLA_HDRLEN, value, length);
	request->message.nlmsg_len = NLMSG_ALIGN(request->message.nlmsg_len) + NLA_ALIGN(attribute->nla_len);
}

/* Sends a request and receives the answer, its header included. */
static void exchange(int descriptor, struct request *request, const char *what, char *answer, size_t room)
{
	if (send(descriptor, request, request->message.nlmsg_len, 0) < 0 || recv(descriptor, answer, room, 0) < 0)
		fail(what);
	struct nlmsghdr *head = (struct nlmsghdr *)answer;
	if (head->nlmsg_type == NLMSG_ERROR && ((struct nlmsgerr *)NLMSG_DATA(head))->error) {
		errno = -((struct nlmsgerr *)NLMSG_DATA(head))->error;
		fail(what);
	}
}

static int family_of(int descriptor, const char *name)
{
	_Alignas(struct nlmsghdr) char answer[4096];
	struct request request;
	begin(&request, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	request.message.nlmsg_flags = NLM_F_REQUEST;
	put(&request, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	exchange(descriptor, &request, name, answer, sizeof(answer));
	struct nlmsghdr *head = (struct nlmsghdr *)answer;
	struct nlattr *attribute = (struct nlattr *)((char *)NLMSG_DATA(head) + GENL_HDRLEN);
	while ((char *)attribute < answer + head->nlmsg_len) {
		if (attribute->nla_type == CTRL_ATTR_FAMILY_ID)
			return *(uint16_t *)((char *)attribute + NLA_HDRLEN);
		attribute = (struct nlattr *)((char *)attribute + NLA_ALIGN(attribute->nla_len));
	}
	errno = ENOENT;
	fail(name);
}

/* Begins a request to Open vSwitch for a datapath index, or 0. */
static void begin_at(struct request *request, int family, int command, int version, int datapath)
{
	struct ovs_header place = {.dp_ifindex = datapath};
	begin(request, family, command, version);
	memcpy((char *)request + NLMSG_LENGTH(GENL_HDRLEN), &place, sizeof(place));
	request->message.nlmsg_len += sizeof(place);
}

/* The index by which ports refer to their datapath. */
static int index_of(int descriptor, int family, const char *name)
{
	_Alignas(struct nlmsghdr) char answer[4096];
	struct request request;
	begin_at(&request, family, OVS_DP_CMD_GET, OVS_DATAPATH_VERSION, 0);
	request.message.nlmsg_flags = NLM_F_REQUEST;
	put(&request, OVS_DP_ATTR_NAME, name, strlen(name) + 1);
	exchange(descriptor, &request, name, answer, sizeof(answer));
	return ((struct ovs_header *)(answer + NLMSG_LENGTH(GENL_HDRLEN)))->dp_ifindex;
}

int make_datapath(int count, char **words)
{
	_Alignas(struct nlmsghdr) char answer[4096];
	struct request request;
	uint32_t nobody = 0, kind = OVS_VPORT_TYPE_NETDEV;
	struct sockaddr_nl own = {.nl_family = AF_NETLINK};
	int descriptor = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&own, sizeof(own)) < 0)
		fail("netlink");
	if (count < 1) {
		errno = EINVAL;
		fail("datapath NAME PORT");
	}
	int datapaths = family_of(descriptor, OVS_DATAPATH_FAMILY), ports = family_of(descriptor, OVS_VPORT_FAMILY);

	begin_at(&request, datapaths, OVS_DP_CMD_NEW, OVS_DATAPATH_VERSION, 0);
	put(&request, OVS_DP_ATTR_NAME, words[0], strlen(words[0]) + 1);
	put(&request, OVS_DP_ATTR_UPCALL_PID, &nobody, sizeof(nobody));
	exchange(descriptor, &request, words[0], answer, sizeof(answer));
	int place = index_of(descriptor, datapaths, words[0]);
	for (int i = 1; i < count; i++) {
		begin_at(&request, ports, OVS_VPORT_CMD_NEW, OVS_VPORT_VERSION, place);
		put(&request, OVS_VPORT_ATTR_TYPE, &kind, sizeof(kind));
		put(&request, OVS_VPORT_ATTR_NAME, words[i], strlen(words[i]) + 1);
		put(&request, OVS_VPORT_ATTR_UPCALL_PID, &nobody, sizeof(nobody));
		exchange(descriptor, &request, words[i], answer, sizeof(answer));
	}
	return 0;
}
