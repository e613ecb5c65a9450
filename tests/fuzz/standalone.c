/*
 * standalone - run a fuzz target over files, where there is no fuzzing engine: any
 * compiler keeps the targets and their corpora alive. Link it to a target, with
 * FUZZ_STANDALONE defined; without, it is empty, and the engine brings its own main.
 *
 *   fuzz_NAME FILE...
 *
 * Every file is handed over in memory of just its size, so that a sanitizer or valgrind
 * sees a read beyond it. Exit status 1 if a file cannot be read.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#ifdef FUZZ_STANDALONE

enum { INPUT_AT_MOST = 1 << 20 };

static int
run(const char *path, uint8_t *room)
{
	FILE *f = fopen(path, "rb");
	uint8_t *input;
	size_t size;
	int failed;

	if (f == NULL) {
		perror(path);
		return 1;
	}
	size = fread(room, 1, INPUT_AT_MOST, f);
	failed = ferror(f);
	fclose(f);
	input = malloc(size > 0 ? size : 1);
	if (failed || input == NULL) {
		fprintf(stderr, "%s: cannot be read\n", path);
		free(input);
		return 1;
	}
	for (size_t i = 0; i < size; i++)
		input[i] = room[i];
	LLVMFuzzerTestOneInput(input, size);
	free(input);
	return 0;
}

int
main(int argc, char **argv)
{
	uint8_t *room = malloc(INPUT_AT_MOST);
	int failures = 0;

	if (room == NULL) {
		perror("standalone");
		return 1;
	}
	for (int i = 1; i < argc; i++)
		failures += run(argv[i], room);
	free(room);
	printf("%d inputs, %d of them could not be read\n", argc - 1, failures);
	return failures > 0 ? 1 : 0;
}

#endif
