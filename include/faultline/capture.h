/*
 * capture - packets from the kernel, by libpcap: live, or to a file.
 *
 * One handle for the whole host: it listens on all interfaces at once, so that an
 * answer that comes back another way is seen, and because opening and closing a handle
 * costs tens of milliseconds each. Frames carry the kernel's stamps in nanoseconds.
 * Knows nothing of what the frames mean.
 */
#ifndef FAULTLINE_CAPTURE_H
#define FAULTLINE_CAPTURE_H

#include <faultline/err.h>
#include <faultline/packet.h>
#include <faultline/time.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture;

struct capture_conf {
	const char *filter; /* text for the packet filter compiler */
	uint32_t snaplen; /* bytes kept of each frame: small, so that many fit */
	uint32_t buffer; /* bytes of kernel buffer */
};

/* Called for each frame; `frame->bytes` is valid during the call only. */
typedef void capture_handler(
    void *context, const struct frame *frame, struct wall stamp);

/* Start capturing. NULL with *e filled, ERR_PERMISSION when the right is missing. */
struct capture *capture_open(const struct capture_conf *conf, struct err *e);

/* Takes some 25 ms, in which the kernel waits: print first. */
void capture_close(struct capture *c);

/* A descriptor that becomes readable when frames are there. */
int capture_fd(const struct capture *c);

/*
 * Hand over all frames that are there, without waiting. Returns how many, or -1 with *e
 * filled when the capture has broken.
 */
int capture_read(
    struct capture *c, capture_handler *handler, void *context, struct err *e);

/* Frames that the kernel had to drop for want of room, since the start. */
uint64_t capture_dropped(struct capture *c);

/*
 * Also write frames to a file (pcap format, nanoseconds). Opens it at once, so that a
 * bad path is found before anything is sent.
 */
bool capture_save_to(struct capture *c, const char *path, struct err *e);

/*
 * Within a handler: write the current frame. After a first failure (a full disk)
 * nothing more is written; capture_save_finish tells.
 */
void capture_save(struct capture *c);

/* Flush and close the file: false with *e filled if anything could not be written. */
bool capture_save_finish(struct capture *c, struct err *e);

#endif
