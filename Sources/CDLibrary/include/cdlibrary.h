// The shipped D libraries, embedded in the program.
#pragma once
#include <stddef.h>

struct cdlibrary_text {
	const char *name;
	const unsigned char *bytes;
	size_t size;
};

extern const size_t cdlibrary_count;
// In the order in which they are read: later ones use types of earlier ones. NULL after the last one.
const struct cdlibrary_text *cdlibrary_at(size_t index);
