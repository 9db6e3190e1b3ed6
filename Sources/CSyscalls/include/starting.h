// The process before its first line of Swift. All of it works without /proc, which a chroot or an initramfs may lack.
#pragma once

// The arguments as the kernel passed them, the program's name included; Swift's own list comes from /proc/self/cmdline.
int nt_argument_count(void);
const char *nt_argument(int index);

// Takes what only the start needs out of the environment again, so that programs started later do not inherit it.
void nt_tidy_environment(void);

// Fills gaps among the descriptors 0 to 2, or a BPF object would take the place of standard output (writing to it then
// fails with ENOSPC), and raises RLIMIT_NOFILE as far as allowed, for a kprobe needs a descriptor each.
void nt_prepare_descriptors(void);

// Whether the descriptor, 0 to 2, was closed when the program started.
int nt_was_closed(int fd);
