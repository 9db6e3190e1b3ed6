// What functions of this module return of a system call.
#pragma once

#include <errno.h>

static inline int result(long value)
{
    return value < 0 ? -errno : (int)value;
}
