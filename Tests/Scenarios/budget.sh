# budget.sh quick|full [PART]…: loads every BPF program in every combination of features that this kernel offers,
# without traffic, and prints the largest number of instructions that the verifier processed for each. No program may
# take more than half of the kernel's limit (1,000,000). `quick` takes no feature, all, and all but the filter, and the
# modes with code of their own; `full` takes every combination.
# Parts are the attach methods (kprobe, kprobe.multi, kprobe.session; default without kprobes), and `modes`. Without a
# part, all run; then each program of the object must be among them.
# Reads NETTRACE. POSIX shell. A new feature is one more line of arguments below.
set -e
extent=${1:?usage: budget.sh quick|full [PART]…}
shift
parts=$*
limit=500000
log=$(mktemp)
trap 'rm -f "$log" "$log".*' EXIT

# Long enough to be looked up in maps.
list=$(seq -s , 1001 1020)
addresses=$(awk 'BEGIN { for (i = 1; i <= 20; i++) printf "10.0.0.%d,", i }')10.1.0.0/16
lists="--addr $addresses --saddr $addresses --sport $list"
filter="-p tcp --port 80 $lists --inner --quoted -i lo --not -i any0 --netns current --pid 1 --comm init --uid 0 --mark 1/7,8/8 --not --mark 16/16 --len 60-1500,2000-"
# Connections and sockets have no interface, mark or length.
connections="-p tcp --port 80 $lists --netns current --pid 1 --comm init --uid 0"
expression="tcp[tcpflags] & (tcp-syn | tcp-rst) != 0 and (port 80 or 443 or portrange 8000-8100) and (net 10.0.0.0/8 or ip6 net fd00::/8) and not host 10.1.2.3"
# Each line: arguments that combine with all others.
features="--timeline
--skb-mode
--detail -o ct
--stack --force-stack
FILTER"
payload="-X --snapshot-length 262144"
# Each line: arguments that stand alone; with the filter and, in full, also without.
modes="--drop
--drop --stack
--drop --drop-ignore NO_SOCKET
--drop --summary
--drop --summary --by reason,location,saddr,daddr,sport,dport,proto,if,netns
--latency
--graph
--diag
--sock
--sock --stack
--monitor
--rtt
--tcp-summary"
# Those with programs or features that no other has.
[ "$extent" = full ] || modes="--drop --summary --by reason,location,saddr,daddr,sport,dport,proto,if,netns
--diag
--sock --stack
--rtt
--tcp-summary"

# Whether the program has all options, such as "--rtt".
"$NETTRACE" --help >"$log.help"
offered() {
	for word; do case $word in --*) grep -q -e "$word" "$log.help" || return 1 ;; esac; done
}

places=net:netif_receive_skb,net:net_dev_queue,skb:kfree_skb
backends=default unused='kprobe\|kretprobe\|nt_under'
if [ -e /sys/bus/event_source/devices/kprobe ]; then
	places=$places,ip_rcv,ip_output,tcp_v4_rcv
	# Tracepoints do not return.
	features="--ret
-t +fib_table_lookup
$features"
	"$NETTRACE" --features >"$log.features"
	backends='' unused=nothing
	for backend in kprobe kprobe.multi kprobe.session; do
		if grep -q "^ *$backend[s ] *yes" "$log.features"; then
			backends="$backends $backend"
		else
			unused="$unused\|${backend#kprobe.}"
		fi
	done
fi
# Cookies decide whether each tracepoint has a copy of the program, or all share one.
"$NETTRACE" --features | grep -q '^ *tracepoint cookies *yes' && unused="$unused\|_template" ||
	unused="$unused\|nt_tracepoint\$"

# BPF programs are traced where an XDP and a tc program are loaded, as the scenario's setup does.
traces_programs() { [ "$("$NETTRACE" -v -t '?' | grep -c 'program bpf:.*fentry+fexit')" = 2 ] && "${NETTRACE%/*}/faulttool" traceable; }

# try ARGUMENTS…: loads and attaches, then ends at once, since nothing reads the output.
try() {
	loads=$((loads + 1))
	: >"$log"
	NETTRACE_DEBUG=stats "$NETTRACE" "$@" 2>"$log" | true
	grep -q -e '^begin ' "$log" || {
		echo "budget: does not load: nettrace $*" >&2
		grep -v '^libbpf: ' "$log" | tail -n 5 >&2
		failed=1
	}
	# Functions that programs call are not programs.
	sed -n "/sec '.text'/d; s/^libbpf: sec '.*found program '\([^']*\)'.*/\1/p" "$log" >>"$log.found"
	awk -F "'" -v arguments=" $*" '/^libbpf: prog .* BEGIN PROG LOAD LOG/ { name = $2 }
		/^processed / { split($0, words, " "); print name, words[2] arguments }' "$log" >>"$log.figures"
}

# with FEATURES…: "FILTER" stands for a filter of every kind.
with() {
	arguments="$*"
	case $arguments in
	--rtt*FILTER | --tcp-summary*FILTER | --sock*FILTER | --monitor*FILTER) try ${arguments%FILTER} $connections "$expression" ;;
	*FILTER*) try ${arguments%FILTER} $filter $place "$expression" ;;
	*) try $arguments $place ;;
	esac
}

loads=0 failed=0
: >"$log.figures"
: >"$log.found"
for backend in ${parts:-$backends}; do
	[ "$backend" != modes ] || continue
	place="-t $places"
	[ "$backend" = default ] || place="--backend $backend $place"
	count=$(echo "$features" | wc -l)
	subset=0
	while [ $subset -lt $((1 << count)) ]; do
		chosen='' bits=0 index=0
		while [ $index -lt "$count" ]; do
			if [ $((subset >> index & 1)) = 1 ]; then
				chosen="$chosen $(echo "$features" | sed -n $((index + 1))p)"
				bits=$((bits + 1))
			fi
			index=$((index + 1))
		done
		# The filter is the last feature.
		case $extent,$bits,$subset in
		full,* | quick,0,* | quick,$count,* | quick,*,$(((1 << (count - 1)) - 1))) with $chosen ;;
		esac
		# Whole packets: other records than without, so both are tried.
		case $extent,$bits,$subset in
		full,* | quick,$count,* | quick,*,$(((1 << (count - 1)) - 1))) with $payload $chosen ;;
		esac
		subset=$((subset + 1))
	done
	echo "$backend: $loads loads so far"
done
place=''
case " ${parts:-modes} " in *" modes "*) echo "$modes" >"$log.modes" ;; *) : >"$log.modes" ;; esac
while read -r mode; do
	offered $mode || continue
	# Before 5.17 drops have no reasons.
	case $mode in *NO_SOCKET*) grep -q skb_drop_reason /sys/kernel/btf/vmlinux || continue ;; esac
	[ "$extent" = quick ] || with $mode
	with $mode FILTER
done <"$log.modes"
if [ -s "$log.modes" ] && traces_programs 2>/dev/null; then
	with -t bpf --timeline FILTER
	# XDP frames have no mark: without such a filter all others count.
	try -t bpf --detail $connections -i lo --len 60-1500,2000- --inner --quoted "$expression"
else
	unused="$unused\|nt_xdp_\|nt_tc_"
fi

sort -k1,1 -k2,2nr "$log.figures" | awk -v limit=$limit '
	{ loads[$1]++ }
	loads[$1] == 1 { name = $1; most = $2; $1 = $2 = ""; printf "%-24s %7d instructions at most:%s\n", name, most, $0 }
	most > limit && loads[name] == 1 { failed = 1 }
	END { exit failed }' || { echo "budget: more than $limit instructions" >&2 && failed=1; }
for program in $(sort -u "$log.found"); do
	! grep -q "^$program " "$log.figures" || continue
	echo "$program: not loaded by any of these combinations"
	[ -n "$parts" ] || echo "$program" | grep -q -e "$unused" || failed=1
done
[ "$failed" = 0 ] && echo "budget: $loads combinations load, each program within $limit instructions"
