// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
#include "nettrace_bpf.h"

const unsigned char nettrace_tracers_json[] = {
#embed "../tracers.json"
};
const size_t nettrace_tracers_json_size = sizeof nettrace_tracers_json;
