#include <faultline/digest.h>

#include <nettle/sha2.h>

#include <stdio.h>

enum { CHUNK = 64 * 1024 };

static void
to_hex(const uint8_t *bytes, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digit[bytes[i] >> 4];
		*out++ = digit[bytes[i] & 15];
	}
	*out = '\0';
}

bool
digest_file(const char *path, char out[DIGEST_TEXT])
{
	uint8_t sum[SHA256_DIGEST_SIZE];
	uint8_t chunk[CHUNK];
	struct sha256_ctx ctx;
	FILE *f = fopen(path, "rbe");
	size_t n;
	bool good;

	out[0] = '\0';
	if (f == NULL)
		return false;
	sha256_init(&ctx);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		sha256_update(&ctx, n, chunk);
	good = !ferror(f);
	fclose(f);
	sha256_digest(&ctx, sizeof sum, sum);
	if (good)
		to_hex(sum, sizeof sum, out);
	return good;
}
