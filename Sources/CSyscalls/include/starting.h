// The state of the process before main. All of it works without /proc, which a chroot or an initramfs may lack.
#pragma once

// The arguments as the kernel passed them, including the program's name. Swift's own list comes from
// /proc/self/cmdline.
int nt_argument_count(void);
const char *nt_argument(int index);

// Removes the environment variables that only the start needs, so that programs started later do not inherit them.
void nt_tidy_environment(void);

// Opens descriptors 0 to 2 where they are closed: otherwise a BPF object would become standard output (writing to it
// fails with ENOSPC). Raises RLIMIT_NOFILE as far as allowed, since each kprobe needs a descriptor.
void nt_prepare_descriptors(void);

// Whether the descriptor, 0 to 2, was closed when the program started.
int nt_was_closed(int fd);
