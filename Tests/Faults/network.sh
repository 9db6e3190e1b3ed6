# Sourced by every setup, trigger and teardown of a fault. POSIX shell.
. "${SCENARIOS%/*}/Scenarios/network.sh"

tool=${NETTRACE%/*}/faulttool

# offers COMMAND…: whether it succeeds in a new namespace; for `needs`.
offers() {
	ip netns add "$NS4"
	on "$NS4" "$@" && met=0 || met=1
	ip netns del "$NS4"
	return "$met"
}

# Loads the modules whose functions faults pass through, for a tracer that starts before the fault.
load_modules() {
	for module in veth bridge dummy macvlan bonding vrf vxlan geneve ip_gre ipip wireguard tun 8021q nf_tables nft_compat \
		nft_ct nft_nat nf_conntrack nf_nat ip_tables ip6_tables arp_tables ebtables nfnetlink_queue nf_synproxy_core \
		cls_bpf cls_flower cls_matchall cls_u32 act_bpf act_gact act_police sch_ingress sch_drr sch_tbf sch_htb sch_netem \
		sch_fq_codel act_mirred xfrm_user esp4 ip_vs ip_vs_rr openvswitch; do
		modprobe "$module" 2>/dev/null || true
	done
}

# Whether this is a guest; for faults that change a parameter of the whole machine.
in_guest() { [ "$(hostname)" = guest ]; }

# judged_by MODULE: whether a security module is active. Does not need securityfs to be mounted.
judged_by() {
	mkdir -p "$WORK/modules"
	unshare -m sh -c 'mount -t securityfs none "$1" && tr , "\n" <"$1/lsm" | grep -qx "$2"' sh "$WORK/modules" "$1"
}

# The topologies of the scenarios with fewer processes, which are slow on an emulated machine, and with fixed MAC
# addresses. A device's address ends in its number: left 1, right 2, west 3, east 4.
mac_of() {
	case $1 in
	left) echo 02:00:00:00:00:01 ;;
	right) echo 02:00:00:00:00:02 ;;
	west) echo 02:00:00:00:00:03 ;;
	east) echo 02:00:00:00:00:04 ;;
	esac
}

# in_namespace NAMESPACE: runs ip commands from standard input in the namespace.
in_namespace() { ip -n "$1" -batch -; }

quiet_namespaces() {
	for each; do
		ip netns add "$each"
		on "$each" sh -c 'cd /proc/sys/net/ipv6/conf; for place in all default; do
			echo 0 >$place/accept_dad; echo 0 >$place/router_solicitations; echo 1 >$place/addr_gen_mode; done'
	done
}

pair() {
	quiet_namespaces "$NS1" "$NS2"
	in_namespace "$NS1" <<-END
		link set lo up
		link add left address $(mac_of left) type veth peer name right address $(mac_of right) netns $NS2
		link set left up
		address add 10.9.0.1/24 dev left
		address add fd09::1/64 dev left nodad
		neighbour replace 10.9.0.2 lladdr $(mac_of right) dev left nud permanent
		neighbour replace fd09::2 lladdr $(mac_of right) dev left nud permanent
	END
	in_namespace "$NS2" <<-END
		link set lo up
		link set right up
		address add 10.9.0.2/24 dev right
		address add fd09::2/64 dev right nodad
		neighbour replace 10.9.0.1 lladdr $(mac_of left) dev right nud permanent
		neighbour replace fd09::1 lladdr $(mac_of left) dev right nud permanent
	END
}

# On older kernels IPv6 comes up after the device, up to a second later.
pair6() {
	pair
	wait_for ping6 "$NS1" fd09::2 1
}

# The router's networks also have IPv6: NS1 has fd09:1::1, NS2 fd09:2::2, the router's addresses end in fe.
router() {
	quiet_namespaces "$NS1" "$NS2" "$NS3"
	setting "$NS3" net/ipv4/ip_forward 1 net/ipv6/conf/all/forwarding 1
	in_namespace "$NS3" <<-END
		link set lo up
		link add west address $(mac_of west) type veth peer name left address $(mac_of left) netns $NS1
		link add east address $(mac_of east) type veth peer name right address $(mac_of right) netns $NS2
		link set west up
		link set east up
		address add 10.9.1.254/24 dev west
		address add 10.9.2.254/24 dev east
		address add fd09:1::fe/64 dev west nodad
		address add fd09:2::fe/64 dev east nodad
		neighbour replace 10.9.1.1 lladdr $(mac_of left) dev west nud permanent
		neighbour replace 10.9.2.2 lladdr $(mac_of right) dev east nud permanent
		neighbour replace fd09:1::1 lladdr $(mac_of left) dev west nud permanent
		neighbour replace fd09:2::2 lladdr $(mac_of right) dev east nud permanent
	END
	host_behind "$NS1" left 10.9.1.1 10.9.1.254 fd09:1::1 fd09:1::fe west
	host_behind "$NS2" right 10.9.2.2 10.9.2.254 fd09:2::2 fd09:2::fe east
}

# host_behind NAMESPACE DEVICE ADDRESS ROUTER ADDRESS6 ROUTER6 ROUTER'S-DEVICE
host_behind() {
	in_namespace "$1" <<-END
		link set lo up
		link set $2 up
		address add $3/24 dev $2
		address add $5/64 dev $2 nodad
		neighbour replace $4 lladdr $(mac_of "$7") dev $2 nud permanent
		neighbour replace $6 lladdr $(mac_of "$7") dev $2 nud permanent
		route add default via $4
		route add default via $6
	END
}

router6() {
	router
	wait_for ping6 "$NS1" fd09:2::2 1
}

# switched: NS1 and NS2 as in pair, on ports west and east of the bridge br0 in NS3.
switched() {
	quiet_namespaces "$NS1" "$NS2" "$NS3"
	in_namespace "$NS3" <<-END
		link set lo up
		link add br0 type bridge forward_delay 0
		link add west address $(mac_of west) type veth peer name left address $(mac_of left) netns $NS1
		link add east address $(mac_of east) type veth peer name right address $(mac_of right) netns $NS2
		link set west master br0
		link set east master br0
		link set west up
		link set east up
		link set br0 up
	END
	in_namespace "$NS1" <<-END
		link set left up
		address add 10.9.0.1/24 dev left
		neighbour replace 10.9.0.2 lladdr $(mac_of right) dev left nud permanent
	END
	in_namespace "$NS2" <<-END
		link set right up
		address add 10.9.0.2/24 dev right
		neighbour replace 10.9.0.1 lladdr $(mac_of left) dev right nud permanent
	END
	wait_for ping4 "$NS1" 10.9.0.2 1
}

# raw DEVICE ARGUMENTS…: sends one frame from NS1's device left to DEVICE, made by `faulttool send ARGUMENTS`; from
# 10.9.0.1 to 10.9.0.2 by default.
raw() {
	destination=$(mac_of "$1")
	shift
	on "$NS1" "$tool" send left "$@" "mac=$destination" src=10.9.0.1 dst=10.9.0.2
}

# hold NAMESPACE tcp|udp|raw ADDRESS PORT OPTIONS…: opens a socket with `faulttool hold`; it is ready when the function
# returns.
hold() {
	place=$1
	shift
	on "$place" "$tool" hold "$@" "ready=$WORK/ready-$1-$3" >/dev/null 2>&1 &
	wait_for test -e "$WORK/ready-$1-$3"
}

# Opens a socket that receives datagrams of both families and never reads them.
udp_server() { hold "$1" udp :: "$2"; }

# setting NAMESPACE NAME VALUE…: sets kernel parameters, written as net/ipv4/ip_forward. Fails if an older kernel lacks
# one.
setting() {
	place=$1
	shift
	while [ $# -gt 0 ]; do
		on "$place" sh -c 'echo "$2" >/proc/sys/$1' sh "$1" "$2"
		shift 2
	done
}

# with_program NAMESPACE KIND NAME VALUE COMMAND…: loads a BPF program that always returns VALUE, and runs the command
# with the path of its pin in $pin. The file system of the pin belongs to the command and vanishes with it.
# $program_options: what the program does besides, and whether it has types, as in the tool's usage.
with_program() {
	mkdir -p "$WORK/pins"
	place=$1 kind=$2 name=$3 value=$4
	shift 4
	pin=$WORK/pins/$name
	export program_options="${program_options:-}"
	on "$place" sh -ec 'mount -t bpf bpf "$1"; "$2" load "$3" "$4" "$5" "$6" $program_options; pin=$6; shift 6; eval "$*"' sh \
		"$WORK/pins" "$tool" "$kind" "$name" "$value" "$pin" "$@"
}

# in_group NAMESPACE ingress|egress NAME COMMAND…: runs the command in a cgroup of its own whose BPF program refuses all
# packets; no_group removes the cgroup.
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

# udp_try NAMESPACE ADDRESS PORT [ttl= source= count=]: sends a datagram; succeeds even if it is refused.
udp_try() {
	place=$1
	shift
	on "$place" "$tool" datagram "$@" || true
}

# tcp_try NAMESPACE ADDRESS PORT [OPTIONS]: tries to connect for a second; succeeds even if that fails.
tcp_try() {
	place=$1
	shift
	on "$place" "$tool" connect "$@" seconds=1 || true
}
