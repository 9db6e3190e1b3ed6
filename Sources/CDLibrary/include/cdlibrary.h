// The shipped D libraries, embedded in the program.
#pragma once
#include <stddef.h>

struct cdlibrary_text {
	const char *name;
	const unsigned char *bytes;
	size_t size;
};

// In the order in which they are read: later ones use types of earlier ones.
extern const struct cdlibrary_text cdlibrary_texts[];
extern const size_t cdlibrary_count;
