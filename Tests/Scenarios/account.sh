# Shared by the scenarios about the end of runs and their account. POSIX shell.
. "$SCENARIOS/network.sh"

# watch NAME ARGUMENTS…: traces pings with a small ring, in the background; its pid is in $trace, its account in
# NAME.err.
watch() {
	name=$1
	shift
	"$NETTRACE" -t net:net_dev_queue,net:netif_receive_skb -p icmp -s 10.9.0.1 --ring-size 64 --ready-file "$READY" "$@" \
		2>"$WORK/$name.err" &
	trace=$!
}

# Waits until the trigger has sent all packets.
all_sent() { wait_for test -e "$WORK/sent"; }

# adds_up: checks matched = delivered + lost + suppressed in the account of the last trace.
adds_up() {
	set -- $(sed -n 's/^summary: \([0-9]*\) events* matched, \([0-9]*\) [a-z]*, \([0-9]*\) lost\(, \([0-9]*\) suppressed\)*;.*/\1 \2 \3 \5/p' "$WORK/$name.err")
	echo "$name: $1 = $2 + $3 + ${4:-0}"
	[ "$1" -eq $(($2 + $3 + ${4:-0})) ]
}
