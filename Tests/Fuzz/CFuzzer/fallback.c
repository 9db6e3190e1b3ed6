/* SPDX-License-Identifier: Apache-2.0 */
/* Stands for libFuzzer in builds without -fsanitize=fuzzer, so that the package builds as a whole. */
#include "fuzzer.h"
#include <stdio.h>

__attribute__((weak)) int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size))
{
	(void)argc, (void)argv, (void)one;
	fputs("built without libFuzzer: run Tests/Fuzz/run\n", stderr);
	return 64;
}
