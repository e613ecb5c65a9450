/*
 * document - the result document: JSON, version 1, every member in faultline-json(5).
 *
 * `json`: one object. `jsonl`: a line for the run, one per path, then the verdict.
 * Paths are written one by one, so that a run of thousands of targets needs the memory
 * of one. Same result, same bytes: members have a fixed order, numbers a fixed
 * precision.
 */
#ifndef FAULTLINE_DOCUMENT_H
#define FAULTLINE_DOCUMENT_H

#include <faultline/err.h>
#include <faultline/result.h>

#include <stdbool.h>
#include <stdio.h>

enum document_form { DOCUMENT_JSON, DOCUMENT_JSONL };

/*
 * False with *e filled when out of memory. Write errors are left in the stream, where
 * the caller looks for them once.
 */
bool document_write(
    const struct result *r, enum document_form form, FILE *out, struct err *e);

#endif
