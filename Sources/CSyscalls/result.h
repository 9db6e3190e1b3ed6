// Converts a system call's return value to the convention of this module: the value or -errno.
#pragma once

#include <errno.h>

static inline int result(long value)
{
    return value < 0 ? -errno : (int)value;
}
