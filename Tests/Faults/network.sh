# Read by every setup, trigger and teardown of a fault. POSIX shell.
. "${SCENARIOS%/*}/Scenarios/network.sh"

tool=${NETTRACE%/*}/faulttool

# offers COMMAND…: whether it succeeds in a namespace that is made for it; for needs.
offers() {
	ip netns add "$NS4"
	on "$NS4" "$@" && met=0 || met=1
	ip netns del "$NS4"
	return "$met"
}

# For faults that need a parameter of the whole machine.
in_guest() { [ "$(hostname)" = guest ]; }

# raw NAMESPACE DEVICE ARGUMENTS…: one frame of NS1's device left to that device, as the arguments of `faulttool send`
# say; from 10.9.0.1 to 10.9.0.2 unless they say otherwise.
raw() {
	destination=$(mac "$1" "$2")
	shift 2
	on "$NS1" "$tool" send left "$@" "mac=$destination" src=10.9.0.1 dst=10.9.0.2
}

# hold NAMESPACE tcp|udp|raw ADDRESS PORT OPTIONS…: a socket of `faulttool hold`, ready when the function returns.
hold() {
	place=$1 kind=$2 port=$4
	shift
	on "$place" "$tool" hold "$@" >/dev/null 2>&1 &
	case $kind in
	tcp) wait_for listens "$place" t "$port" ;;
	udp) wait_for listens "$place" u "$port" ;;
	raw) wait_for listens "$place" w "$port" ;;
	esac
}

# setting NAMESPACE NAME VALUE…: kernel parameters, spelt net/ipv4/ip_forward. An older kernel may lack one: that fails.
setting() {
	place=$1
	shift
	while [ $# -gt 0 ]; do
		on "$place" sh -c 'echo "$2" >/proc/sys/$1' sh "$1" "$2"
		shift 2
	done
}

# with_program NAMESPACE KIND NAME VALUE COMMAND…: loads a BPF program that always returns VALUE, runs the command with
# $pin as its path. The file system that holds the pin is the command's own and vanishes with it.
with_program() {
	mkdir -p "$WORK/pins"
	place=$1 kind=$2 name=$3 value=$4
	shift 4
	pin=$WORK/pins/$name
	on "$place" sh -ec 'mount -t bpf bpf "$1"; "$2" load "$3" "$4" "$5" "$6"; pin=$6; shift 6; eval "$*"' sh \
		"$WORK/pins" "$tool" "$kind" "$name" "$value" "$pin" "$@"
}

# in_group NAMESPACE ingress|egress NAME COMMAND…: runs it in a control group of its own whose BPF program refuses
# everything; no_group removes the group.
in_group() {
	place=$1 kind=$2 name=$3
	shift 3
	mkdir -p "$WORK/groups"
	with_program "$place" "$kind" "$name" 0 "mount -t cgroup2 none $WORK/groups; mkdir $WORK/groups/nettrace-fault;
		$tool cgroup $kind \$pin $WORK/groups/nettrace-fault; echo \$\$ >$WORK/groups/nettrace-fault/cgroup.procs; exec $*"
}

no_group() {
	wait_for on "$NS1" sh -c "mount -t cgroup2 none $WORK/groups && rmdir $WORK/groups/nettrace-fault"
}

# switched: NS1 (10.9.0.1, device left) and NS2 (10.9.0.2, device right) on ports west and east of the bridge br0 in NS3.
switched() {
	for each in "$NS1" "$NS2" "$NS3"; do namespace "$each"; done
	ip -n "$NS3" link add br0 type bridge forward_delay 0
	cable "$NS1" left "$NS3" west
	cable "$NS2" right "$NS3" east
	for port in west east; do ip -n "$NS3" link set "$port" master br0; done
	ip -n "$NS3" link set br0 up
	address "$NS1" left 10.9.0.1/24
	address "$NS2" right 10.9.0.2/24
	know "$NS1" left 10.9.0.2 "$NS2" right
	know "$NS2" right 10.9.0.1 "$NS1" left
	wait_for ping4 "$NS1" 10.9.0.2 1
}

# router6: the router's networks also have IPv6: NS1 fd09:1::1, NS2 fd09:2::2, the router ends in ::fe.
router6() {
	router
	setting "$NS3" net/ipv6/conf/all/forwarding 1
	address "$NS1" left fd09:1::1/64
	address "$NS3" west fd09:1::fe/64
	address "$NS3" east fd09:2::fe/64
	address "$NS2" right fd09:2::2/64
	know "$NS1" left fd09:1::fe "$NS3" west
	know "$NS3" west fd09:1::1 "$NS1" left
	know "$NS3" east fd09:2::2 "$NS2" right
	know "$NS2" right fd09:2::fe "$NS3" east
	ip -n "$NS1" route add default via fd09:1::fe
	ip -n "$NS2" route add default via fd09:2::fe
	wait_for ping6 "$NS1" fd09:2::2 1
}

# udp_try and tcp_try NAMESPACE ADDRESS PORT [OPTIONS]: a datagram, or a connection, that may fail as it likes.
udp_try() {
	udp_send "$1" "$2" "$3" fault "$4" 2>/dev/null || true
}

tcp_try() {
	on "$1" timeout 1 socat -u OPEN:/dev/null "TCP:$2:$3${4:+,$4}" 2>/dev/null || true
}
