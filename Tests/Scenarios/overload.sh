# overload.sh SECONDS: runs traffic at the machine's highest rate, and three observers with a small ring that are too
# slow for it. Each must account for every packet, keep its size, and end when it is told to.
# Reads NETTRACE; makes its own namespaces unless it is part of a scenario. POSIX shell.
set -e
seconds=${1:?usage: overload.sh SECONDS}
SCENARIOS=${SCENARIOS:-$(dirname "$0")}
. "$SCENARIOS/network.sh"
own=
if [ -z "${NS1:-}" ]; then
	own=1 NS1=nt$$n1 NS2=nt$$n2 WORK=$(mktemp -d)
fi
jobs= sleeper=
finish() {
	kill $jobs 2>/dev/null || true
	[ -z "$sleeper" ] || kill -KILL "$sleeper" 2>/dev/null || true
	[ -n "$own" ] || return 0
	for each in "$NS1" "$NS2"; do ip netns del "$each" 2>/dev/null || true; done
	rm -rf "$WORK"
}
trap finish EXIT
trap 'exit 130' INT TERM
[ -z "$own" ] || pair

tracers=net:net_dev_queue,net:netif_receive_skb,skb:kfree_skb,skb:consume_skb
[ ! -e /sys/bus/event_source/devices/kprobe ] || tracers=$tracers,ip_rcv,udp_rcv

# observe NAME ARGUMENTS…: runs nettrace in the background; its output goes to the reader of that name, its account to a
# file.
observe() {
	name=$1
	shift
	mkfifo "$WORK/$name"
	"$NETTRACE" "$@" --ring-size 64 -t $tracers -p udp -d 10.9.0.2 --dport 9 --ready-file "$WORK/$name.ready" \
		>"$WORK/$name" 2>"$WORK/$name.end" &
	eval "pid_$name=$!"
	jobs="$jobs $!"
}
sent() { on "$NS1" awk '$1 == "Udp:" && ++lines == 2 { print $5 }' /proc/net/snmp; }
# Private memory, counted page by page: VmRSS lags by megabytes, and pages of the program come and go with the page
# cache.
memory() { awk '/^Anonymous:/ { print $2 }' "/proc/$1/smaps_rollup"; }
# A process stays as a zombie until it has been waited for.
ended() { ! grep -q '^State:.*[^Z] (' "/proc/$1/status"; }
fail() {
	echo "overload: $*" >&2
	exit 1
}

# Counts events as they are printed, and keeps the last line and the number of loss notices.
observe lines --json
awk 'BEGIN { FS = "\"" } $4 == "event" { events++ } $4 == "lost" { notices++ } { last = $0 }
	END { print events + 0 > work "/lines.events"; print notices + 0 > work "/lines.notices"; print last > work "/lines.last" }' \
	work="$WORK" "$WORK/lines" &
jobs="$jobs $!"
# Small enough that its limits are reached before its memory is first measured.
observe packets --timeline --max-packets 256 --max-memory 1
cat "$WORK/packets" >/dev/null &
jobs="$jobs $!"
# A reader that sleeps most of the time, and does not read at the end.
observe stalled --json
sh -c 'while read -r line; do sleep 0.2; done' <"$WORK/stalled" &
sleeper=$!
jobs="$jobs $sleeper"
for name in lines packets stalled; do wait_for test -e "$WORK/$name.ready"; done

before=$(sent)
for each in 1 2; do
	on "$NS1" timeout "$seconds" socat -u -b 64 OPEN:/dev/zero UDP-SENDTO:10.9.0.2:9 &
	jobs="$jobs $!"
	senders="${senders:-} $!"
done
sleep $((seconds / 3 + 1))
for name in lines packets stalled; do
	eval "pid=\$pid_$name"
	eval "${name}_before=$(memory "$pid")"
done
kill -STOP "$sleeper"
for sender in $senders; do wait "$sender" || true; done
packets=$(($(sent) - before))

for name in lines packets stalled; do
	eval "pid=\$pid_$name before=\$${name}_before"
	after=$(memory "$pid")
	echo "$name: $before kB after a third of the time, $after kB at the end"
	[ "$after" -le $((before + 1024)) ] || fail "$name grew from $before to $after kB"
	kill -TERM "$pid"
	wait_for ended "$pid" || fail "$name does not end"
	wait "$pid" || [ "$name" = stalled ] || fail "$name ended with $?"
	summary=$(grep '^summary: ' "$WORK/$name.end") || fail "$name gave no account: $(cat "$WORK/$name.end")"
	echo "$name: $summary"
	# "N events matched, N shown, N lost, N suppressed; …"
	set -- $(echo "$summary" | sed -n 's/^summary: \([0-9]*\) events matched, \([0-9]*\) shown, \([0-9]*\) lost\(, \([0-9]*\) suppressed\)*;.*/\1 \2 \3 \5/p')
	[ "$1" -eq $(($2 + $3 + ${4:-0})) ] || fail "$name: the account does not add up"
	[ "$1" -ge $((2 * packets)) ] || fail "$name saw $1 events of $packets packets"
	# A trace that waits for a stuck reader cannot print notices of losses, but its account has them.
	grep -q 'lost .* just now' "$WORK/$name.end" || [ "$3" -eq 0 ] || [ "$name" = stalled ] ||
		fail "$name did not tell its losses"
done
kill -CONT "$sleeper"

wait_for test -s "$WORK/lines.last"
last=$(cat "$WORK/lines.last")
number() { echo "$last" | sed -n "s/^{\"type\":\"summary\".*\"$1\":\([0-9]*\).*/\1/p"; }
queued=$(echo "$last" | sed -n 's/.*{"tracer":"net:net_dev_queue","matched":\([0-9]*\),"received":\([0-9]*\),"lost":\([0-9]*\)}.*/\1 \2 \3/p')
set -- $queued
echo "lines: $packets packets sent; at net:net_dev_queue $1 matched, $2 received, $3 lost; $(cat "$WORK/lines.notices") notices"
[ "$1" -eq "$packets" ] || fail "$packets packets were sent, $1 matched at net:net_dev_queue"
[ "$1" -eq $(($2 + $3)) ] || fail "the account of net:net_dev_queue does not add up"
delivered=$(echo "$last" | sed -n 's/^{"type":"summary","matched":[0-9]*,"delivered":\([0-9]*\),.*/\1/p')
[ "$delivered" -eq "$(cat "$WORK/lines.events")" ] || fail "$delivered delivered, $(cat "$WORK/lines.events") printed"
echo "overload: $packets packets in $seconds s, every one accounted for"
