# XDP and tc programs for scenarios that trace them. POSIX shell.
. "${SCENARIOS%/*}/Faults/network.sh"

# lanes NUMBER: NS1 and NS2 with as many cables: 10.9.N.1 on lN and 10.9.N.2 on rN, which know each other.
lanes() {
	namespace "$NS1"
	namespace "$NS2"
	for lane in $(seq "$1"); do
		cable "$NS1" "l$lane" "$NS2" "r$lane"
		address "$NS1" "l$lane" "10.9.$lane.1/24"
		address "$NS2" "r$lane" "10.9.$lane.2/24"
		know "$NS1" "l$lane" "10.9.$lane.2" "$NS2" "r$lane"
	done
}

# xdp MODE LANE NAME VALUE [OPTIONS]: a program on rLANE in that mode (xdpdrv, xdpgeneric).
xdp() {
	mode=$1 lane=$2 title=$3 answer=$4
	shift 4
	program_options="$*"
	with_program "$NS2" xdp "$title" "$answer" "ip link set dev r$lane $mode pinned \$pin"
}

# tc_program NAMESPACE DEVICE DIRECTION NAME VALUE [OPTIONS]: a program of clsact.
tc_program() {
	inside=$1 device=$2 direction=$3 title=$4 answer=$5
	shift 5
	program_options="$*"
	with_program "$inside" tc "$title" "$answer" \
		"tc qdisc add dev $device clsact; tc filter add dev $device $direction bpf da pinned \$pin"
}

# tc_ingress LANE NAME VALUE [OPTIONS]: on rLANE, for received packets.
tc_ingress() {
	lane=$1
	shift
	tc_program "$NS2" "r$lane" ingress "$@"
}

# tc_egress LANE NAME VALUE [OPTIONS]: on lLANE, for sent packets.
tc_egress() {
	lane=$1
	shift
	tc_program "$NS1" "l$lane" egress "$@"
}

# ifindex NAMESPACE DEVICE
ifindex() { on "$1" cat "/sys/class/net/$2/ifindex"; }
