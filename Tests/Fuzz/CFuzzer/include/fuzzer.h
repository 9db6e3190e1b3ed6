/* SPDX-License-Identifier: Apache-2.0 */
/* libFuzzer's entry point for programs with their own main function (compiler-rt, FuzzerInterface.h). */
#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/* Takes the options and corpora of a command line; calls `one` with each input until the options end it. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));

/* memfd_create(2), which Swift's Glibc module lacks. */
int memfd_create(const char *name, unsigned int flags);

/* Sets the name services of a database (nss.h). */
int __nss_configure_lookup(const char *database, const char *services);

#endif
