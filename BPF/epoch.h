/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Tells apart what a table counted in different intervals. */
#ifndef NETTRACE_EPOCH_H
#define NETTRACE_EPOCH_H

/* User space steps it, waits until nobody counts under the old one, and then takes the old rows out of the map. */
volatile __u8 table_epoch = 0;

#endif
