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

# tc_ingress LANE NAME VALUE [OPTIONS]: a program of clsact on rLANE.
tc_ingress() {
	lane=$1 title=$2 answer=$3
	shift 3
	program_options="$*"
	with_program "$NS2" tc "$title" "$answer" \
		"tc qdisc add dev r$lane clsact; tc filter add dev r$lane ingress bpf da pinned \$pin"
}

# tc_egress LANE NAME VALUE [OPTIONS]: the same on lLANE, on the way out.
tc_egress() {
	lane=$1 title=$2 answer=$3
	shift 3
	program_options="$*"
	with_program "$NS1" tc "$title" "$answer" \
		"tc qdisc add dev l$lane clsact; tc filter add dev l$lane egress bpf da pinned \$pin"
}

# tcx_ingress LANE NAME VALUE [OPTIONS]: without a qdisc, since 6.6.
tcx_ingress() {
	lane=$1 title=$2 answer=$3
	shift 3
	program_options="$*"
	with_program "$NS2" tc "$title" "$answer" "$tool tcx ingress \$pin r$lane"
}

# ifindex NAMESPACE DEVICE
ifindex() { on "$1" cat "/sys/class/net/$2/ifindex"; }
