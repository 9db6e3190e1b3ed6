# Functions for scenarios of iptrace.

# record NAMESPACE OPTIONS… FILE: records in the foreground of a background job; returns once packets are recorded. Messages
# go to $WORK/messages.
record() {
	place=$1
	shift
	rm -f "$WORK/recording"
	: >"$WORK/messages"
	on "$place" "$NETTRACE" iptrace --foreground --ready-file "$WORK/recording" --pid-file "$WORK/pid" "$@" 2>"$WORK/messages" &
	recorder=$!
	wait_for test -e "$WORK/recording"
}

# finish [SIGNAL]: ends the recording, and returns its exit code.
finish() {
	kill "-${1:-TERM}" "$(cat "$WORK/pid")"
	wait "$recorder"
}

# count FILE [FILTER]: the packets of a file, as tcpdump reads it.
count() {
	tcpdump -Z root -n -r "$@" 2>"$WORK/tcpdump" | grep -c . || true
}

# try CODE COMMAND…: fails unless the command ends with this code.
try() {
	expected=$1 status=0
	shift
	"$@" || status=$?
	[ "$status" -eq "$expected" ] || { echo "exit $status instead of $expected: $*" >&2 && return 1; }
}

# iptrace NAMESPACE OPTIONS…
iptrace() {
	place=$1
	shift
	on "$place" "$NETTRACE" iptrace "$@"
}

promiscuity() { ip -n "$1" -d link show "$2" | sed -n 's/.*promiscuity \([0-9]*\).*/\1/p'; }
