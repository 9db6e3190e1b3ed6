# The state of the machine, for scenarios that hold a run to have left none of its own. POSIX shell.
. "$SCENARIOS/network.sh"

tool=${NETTRACE%/*}/faulttool

# Kernel parameters, but for those that count, and those that are different each time they are read.
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

# state: all of it, on standard output. NS1 stands for the namespaces that a run may look into.
state() {
	# First, since nft has the kernel load modules.
	[ ! -x "$(command -v nft)" ] || on "$NS1" nft -s list ruleset 2>/dev/null | sed 's/^/rule: /' || true
	"$tool" objects
	find /sys/fs/bpf 2>/dev/null | sed 's/^/pinned /' || true
	# Other runs on the machine have their namespaces.
	awk '{ $1 = $2 = ""; print "mount", $0 }' /proc/self/mountinfo | grep -v -e /run/netns/ || true
	[ ! -r /proc/modules ] || sed 's/ .*//; s/^/module /' /proc/modules | sort
	parameters
	on "$NS1" sh -c 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/rp_filter' | sed 's/^/setting inside: /'
	on "$NS1" ip -o address | sed 's/^/address: /'
	on "$NS1" ip route show table all | sed 's/^/route: /'
	probes
}

# unchanged FILE: the state is as in the file. What the kernel frees when RCU lets it may take a moment.
unchanged() {
	state >"$WORK/state-now"
	cmp -s "$1" "$WORK/state-now"
}
same_as() {
	wait_for unchanged "$1" || { diff "$1" "$WORK/state-now" && return 1; }
}

# held PID KIND: how many descriptors of a kind (bpf-prog, perf_event, bpf_link, …) a process holds.
held() { ls -l "/proc/$1/fd" 2>/dev/null | grep -c "anon_inode:.*$2" || true; }
holds() { [ "$(held "$1" "$2")" -ge "$3" ]; }
