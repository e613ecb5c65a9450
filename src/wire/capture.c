#define _DEFAULT_SOURCE /* pcap.h uses the BSD integer names */

#include <faultline/capture.h>

#include <pcap.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct capture {
	pcap_t *pcap;
	int linktype;
	pcap_dumper_t *dump;
	char *path; /* of the dump */
	bool dump_failed;
	int dump_error;
	/* the read in progress */
	capture_handler *handler;
	void *context;
	const struct pcap_pkthdr *header;
	const u_char *bytes;
};

/* The first link type of this list that the device can give. */
static void
choose_linktype(struct capture *c)
{
	/* version 2 of the cooked header tells the interface of each frame */
	if (pcap_set_datalink(c->pcap, DLT_LINUX_SLL2) != 0)
		pcap_set_datalink(c->pcap, DLT_LINUX_SLL);
	c->linktype = pcap_datalink(c->pcap);
}

static bool
set_filter(struct capture *c, const char *text, struct err *e)
{
	struct bpf_program program;

	if (pcap_compile(c->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		err_set(e, ERR_SYSTEM, 0, "capture filter \"%s\": %s", text,
		    pcap_geterr(c->pcap));
		return false;
	}
	if (pcap_setfilter(c->pcap, &program) != 0) {
		err_set(e, ERR_SYSTEM, 0, "capture filter: %s", pcap_geterr(c->pcap));
		pcap_freecode(&program);
		return false;
	}
	pcap_freecode(&program);
	return true;
}

static bool
activate(struct capture *c, const struct capture_conf *conf, struct err *e)
{
	char why[PCAP_ERRBUF_SIZE];
	int status;

	pcap_set_snaplen(c->pcap, (int)conf->snaplen);
	pcap_set_buffer_size(c->pcap, (int)conf->buffer);
	pcap_set_timeout(c->pcap, 10);
	pcap_set_immediate_mode(c->pcap, 1);
	pcap_set_tstamp_precision(c->pcap, PCAP_TSTAMP_PRECISION_NANO);
	status = pcap_activate(c->pcap);
	if (status == PCAP_ERROR_PERM_DENIED) {
		err_set(e, ERR_PERMISSION, EPERM,
		    "capturing packets needs root or CAP_NET_RAW");
		return false;
	}
	if (status < 0) {
		err_set(e, ERR_SYSTEM, 0, "capture: %s: %s", pcap_statustostr(status),
		    pcap_geterr(c->pcap));
		return false;
	}
	choose_linktype(c);
	if (!set_filter(c, conf->filter, e))
		return false;
	if (pcap_setnonblock(c->pcap, 1, why) != 0) {
		err_set(e, ERR_SYSTEM, 0, "capture: %s", why);
		return false;
	}
	return true;
}

struct capture *
capture_open(const struct capture_conf *conf, struct err *e)
{
	struct capture *c = calloc(1, sizeof *c);
	char why[PCAP_ERRBUF_SIZE];

	if (c == NULL) {
		err_set(e, ERR_MEMORY, 0, "no memory for the capture");
		return NULL;
	}
	c->pcap = pcap_create("any", why);
	if (c->pcap == NULL) {
		err_set(e, ERR_SYSTEM, 0, "capture: %s", why);
		free(c);
		return NULL;
	}
	if (!activate(c, conf, e)) {
		capture_close(c);
		return NULL;
	}
	return c;
}

void
capture_close(struct capture *c)
{
	struct err ignored = {0};

	if (c == NULL)
		return;
	capture_save_finish(c, &ignored);
	pcap_close(c->pcap);
	free(c);
}

int
capture_fd(const struct capture *c)
{
	return pcap_get_selectable_fd(c->pcap);
}

static void
take(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct capture *c = (struct capture *)(void *)user;
	struct frame f = {
	    .linktype = c->linktype,
	    .bytes = bytes,
	    .captured = header->caplen,
	    .length = header->len,
	};
	/* with nanosecond precision libpcap keeps nanoseconds in tv_usec */
	struct wall stamp = {header->ts.tv_sec * TIME_S + header->ts.tv_usec};

	c->header = header;
	c->bytes = bytes;
	c->handler(c->context, &f, stamp);
	c->header = NULL;
	c->bytes = NULL;
}

int
capture_read(struct capture *c, capture_handler *handler, void *context, struct err *e)
{
	int n;

	c->handler = handler;
	c->context = context;
	n = pcap_dispatch(c->pcap, -1, take, (u_char *)(void *)c);
	if (n == PCAP_ERROR) {
		err_set(e, ERR_SYSTEM, errno, "capture: %s", pcap_geterr(c->pcap));
		return -1;
	}
	return n > 0 ? n : 0;
}

uint64_t
capture_dropped(struct capture *c)
{
	struct pcap_stat s = {0};

	return pcap_stats(c->pcap, &s) == 0 ? s.ps_drop : 0;
}

bool
capture_save_to(struct capture *c, const char *path, struct err *e)
{
	FILE *file = fopen(path, "wbe");

	if (file == NULL) {
		err_set(e, ERR_SYSTEM, errno, "cannot write the capture to %s: %s%s",
		    path, strerror(errno),
		    errno == ENOENT ? " (its folder must be there)" : "");
		return false;
	}
	c->path = strdup(path);
	c->dump = pcap_dump_fopen(c->pcap, file);
	if (c->dump == NULL || c->path == NULL) {
		err_set(e, ERR_SYSTEM, errno, "cannot write the capture to %s: %s",
		    path, pcap_geterr(c->pcap));
		if (c->dump == NULL)
			fclose(file);
		return false;
	}
	return true;
}

void
capture_save(struct capture *c)
{
	if (c->dump == NULL || c->dump_failed || c->header == NULL)
		return;
	errno = 0;
	pcap_dump((u_char *)(void *)c->dump, c->header, c->bytes);
	if (ferror(pcap_dump_file(c->dump))) {
		c->dump_failed = true;
		c->dump_error = errno;
	}
}

bool
capture_save_finish(struct capture *c, struct err *e)
{
	bool good;

	if (c->dump == NULL)
		return true;
	errno = 0;
	if (pcap_dump_flush(c->dump) != 0 && !c->dump_failed) {
		c->dump_failed = true;
		c->dump_error = errno;
	}
	pcap_dump_close(c->dump);
	c->dump = NULL;
	good = !c->dump_failed;
	if (!good)
		err_set(e, ERR_SYSTEM, c->dump_error,
		    "the capture in %s is incomplete: %s", c->path,
		    strerror(c->dump_error));
	free(c->path);
	c->path = NULL;
	return good;
}
