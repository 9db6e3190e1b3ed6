/* A frame that a driver receives without an skb: a program has written it to a tap device. */
#include "tool.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int write_frame(int count, char **words)
{
	if (count < 1)
		fail("tap DEVICE");
	/* A broadcast of a protocol for local experiments (IEEE Std 802). */
	static const unsigned char frame[60] = {255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 9, 0x88, 0xb5};
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	/* A writer that may wait gets an skb at once (drivers/net/tun.c, tun_can_build_skb). */
	int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	strncpy(request.ifr_name, words[0], sizeof(request.ifr_name) - 1);
	if (tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0)
		fail(words[0]);
	/* The driver answers a frame that XDP has refused with an error or not, depending on the version. */
	(void)!write(tap, frame, sizeof(frame));
	return 0;
}
