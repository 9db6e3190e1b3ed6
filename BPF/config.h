/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What user space decides before the load. It is read-only for the programs,
 * so the verifier knows every value and removes the branches not taken.
 */
#ifndef NETTRACE_CONFIG_H
#define NETTRACE_CONFIG_H

const volatile struct nt_config config = {};

/* Opened by user space after the last attach: nobody sees a half-attached trace. */
volatile __u32 gate_open = 0;

#endif
