#define _DEFAULT_SOURCE /* struct ifreq */

#include "responder_tun.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/if_tun.h>

bool
responder_tun_alone(const char *device, struct err *e)
{
	struct if_nameindex *list = if_nameindex();
	bool alone = true;

	if (list == NULL) {
		err_set(
		    e, ERR_SYSTEM, errno, "list of interfaces: %s", strerror(errno));
		return false;
	}
	for (struct if_nameindex *i = list; i->if_index != 0; i++) {
		if (strcmp(i->if_name, "lo") == 0 || strcmp(i->if_name, device) == 0)
			continue;
		err_set(e, ERR_SYSTEM, 0,
		    "refused: interface %s is in this network namespace; "
		    "behind-tun makes one that has only lo and %s",
		    i->if_name, device);
		alone = false;
	}
	if_freenameindex(list);
	return alone;
}

int
responder_tun_open(const char *device, struct err *e)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd;

	if (strlen(device) >= sizeof request.ifr_name) {
		err_set(
		    e, ERR_USAGE, 0, "%s: too long for the name of a device", device);
		return -1;
	}
	memcpy(request.ifr_name, device, strlen(device) + 1);
	fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1) {
		err_set(e, ERR_PERMISSION, errno, "/dev/net/tun: %s", strerror(errno));
		return -1;
	}
	if (ioctl(fd, TUNSETIFF, &request) == -1) {
		err_set(e, ERR_SYSTEM, errno, "%s: %s", device, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}
