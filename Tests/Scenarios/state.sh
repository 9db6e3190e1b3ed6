# The state of the machine, for scenarios which check that a run leaves nothing behind. POSIX shell.
. "$SCENARIOS/network.sh"

tool=${NETTRACE%/*}/faulttool

# Kernel parameters, except counters and those that change with each read.
parameters() {
	find /proc/sys/net /proc/sys/kernel /proc/sys/debug /proc/sys/vm/mmap_min_addr -type f 2>/dev/null |
		grep -vE '/(random/|ns_last_pid|pty/nr|nf_conntrack_count|sched_domain/|stat_refresh|printk_ratelimit)|cachestat|flush$' |
		sort | xargs grep -sH '' || true
}

# Probes, traced functions and ftrace's own settings, through mounts that vanish with the command.
probes() {
	mkdir -p "$WORK/mount"
	unshare -m sh -c 'mount -t tracefs none "$1" 2>/dev/null && cd "$1" || exit 0
		for file in kprobe_events uprobe_events dynamic_events enabled_functions set_ftrace_filter set_event current_tracer \
			tracing_on; do sed "s|^|$file: |" "$file" 2>/dev/null; done
		cd /; umount "$1"; mount -t debugfs none "$1" 2>/dev/null && cd "$1" || exit 0
		[ ! -r kprobes/list ] || sed "s|^|kprobe: |" kprobes/list' sh "$WORK/mount"
}

# state: prints everything. NS1 stands for the namespaces that a run may look into.
state() {
	# First, since nft makes the kernel load modules.
	[ ! -x "$(command -v nft)" ] || on "$NS1" nft -s list ruleset 2>/dev/null | sed 's/^/rule: /' || true
	"$tool" objects
	find /sys/fs/bpf 2>/dev/null | sed 's/^/pinned /' || true
	# Leaves out namespaces of other runs on the machine.
	awk '{ $1 = $2 = ""; print "mount", $0 }' /proc/self/mountinfo | grep -v -e /run/netns/ || true
	[ ! -r /proc/modules ] || sed 's/ .*//; s/^/module /' /proc/modules | sort
	parameters
	on "$NS1" sh -c 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/rp_filter' | sed 's/^/setting inside: /'
	on "$NS1" ip -o address | sed 's/^/address: /'
	on "$NS1" ip route show table all | sed 's/^/route: /'
	probes
}

# unchanged FILE: whether the state is as in the file. Objects that the kernel frees after an RCU grace period may take
# a moment.
unchanged() {
	state >"$WORK/state-now"
	cmp -s "$1" "$WORK/state-now"
}
same_as() {
	wait_for unchanged "$1" || { diff "$1" "$WORK/state-now" && return 1; }
}

# held PID KIND: number of descriptors of a kind (bpf-prog, perf_event, bpf_link, …) that a process holds.
held() { ls -l "/proc/$1/fd" 2>/dev/null | grep -c "anon_inode:.*$2" || true; }
holds() { [ "$(held "$1" "$2")" -ge "$3" ]; }
