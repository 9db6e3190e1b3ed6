// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#include "nettrace_bpf.h"

static const unsigned char json[] = {
#embed "../tracers.json"
};
const unsigned char *const nettrace_tracers_json = json;
const size_t nettrace_tracers_json_size = sizeof json;
