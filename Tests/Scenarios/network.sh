# Sourced by every setup, trigger, teardown and script of a scenario. POSIX shell: busybox runs it in guests.

# wait_for COMMAND…: repeats the command until it succeeds. The limit, at least five minutes, only ends waits that never
# succeed.
wait_for() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 6000 ] || { echo "timed out waiting for: $*" >&2 && return 1; }
		sleep 0.05
	done
}

# on NAMESPACE COMMAND…
on() {
	namespace=$1
	shift
	ip netns exec "$namespace" "$@"
}

# namespace NAME: makes a namespace whose loopback is up, where IPv6 addresses work at once, and which sends nothing by
# itself.
namespace() {
	ip netns add "$1"
	on "$1" sh -c 'for setting in accept_dad=0 router_solicitations=0 addr_gen_mode=1; do
		for place in all default; do echo "${setting#*=}" >/proc/sys/net/ipv6/conf/$place/${setting%=*}; done; done' 2>/dev/null || true
	ip -n "$1" link set lo up
}

# cable NAMESPACE DEVICE NAMESPACE DEVICE: makes a pair of virtual Ethernet devices, up, without addresses.
cable() {
	ip -n "$1" link add "$2" type veth peer name "$4" netns "$3"
	ip -n "$1" link set "$2" up
	ip -n "$3" link set "$4" up
}

# address NAMESPACE DEVICE ADDRESS/LENGTH…
address() {
	place=$1 device=$2
	shift 2
	for each; do
		case $each in
		*:*) ip -n "$place" address add "$each" dev "$device" nodad ;;
		*) ip -n "$place" address add "$each" dev "$device" ;;
		esac
	done
}

mac() { on "$1" cat "/sys/class/net/$2/address"; }

# know NAMESPACE DEVICE ADDRESS NAMESPACE DEVICE: adds a permanent neighbour entry, so that no ARP or ND is needed.
know() {
	ip -n "$1" neighbour replace "$3" lladdr "$(mac "$4" "$5")" dev "$2" nud permanent
}

# pair: NS1 (10.9.0.1, fd09::1, device left) and NS2 (10.9.0.2, fd09::2, device right), with neighbour entries for each
# other.
pair() {
	namespace "$NS1"
	namespace "$NS2"
	cable "$NS1" left "$NS2" right
	address "$NS1" left 10.9.0.1/24 fd09::1/64
	address "$NS2" right 10.9.0.2/24 fd09::2/64
	for known in 10.9.0.2 fd09::2; do know "$NS1" left "$known" "$NS2" right; done
	for known in 10.9.0.1 fd09::1; do know "$NS2" right "$known" "$NS1" left; done
	# On older kernels IPv6 comes up after the device, up to a second later.
	wait_for ping6 "$NS1" fd09::2 1
}

# ping4 and ping6 NAMESPACE ADDRESS COUNT: pings without a pause; no answer may be missing.
ping4() { on "$1" ping -4 -n -q -i 0.01 -W 5 -c "$3" "$2"; }
ping6() { on "$1" ping -6 -n -q -i 0.01 -W 5 -c "$3" "$2"; }

listens() { on "$1" ss -Hln"$2" "sport = :$3" | grep -q .; }

# tcp_server NAMESPACE PORT: echoes its input, in the background; listening when the function returns.
tcp_server() {
	on "$1" socat "TCP6-LISTEN:$2,ipv6only=0,reuseaddr,fork" EXEC:cat >/dev/null 2>&1 &
	wait_for listens "$1" t "$2"
}

# udp_server NAMESPACE PORT: receives datagrams and answers none, so that no answer reaches a closed socket.
udp_server() {
	on "$1" socat -u "UDP6-RECV:$2,ipv6only=0" OPEN:/dev/null >/dev/null 2>&1 &
	wait_for listens "$1" u "$2"
}

# tcp_talk NAMESPACE ADDRESS PORT TEXT [OPTIONS]: connects, sends, reads the answer, closes.
tcp_talk() {
	printf '%s\n' "$4" | on "$1" socat -t 5 - "TCP:$2:$3${5:+,$5}" | grep -q "^$4\$"
}

# udp_send NAMESPACE ADDRESS PORT TEXT [OPTIONS]: sends one datagram, waits for no answer.
udp_send() {
	printf '%s' "$4" | on "$1" socat -u - "UDP-SENDTO:$2:$3${5:+,$5}"
}

# router: NS1 (10.9.1.1, device left) and NS2 (10.9.2.2, device right), each with its default route through NS3, which
# forwards between its devices west (10.9.1.254) and east (10.9.2.254).
router() {
	for each in "$NS1" "$NS2" "$NS3"; do namespace "$each"; done
	cable "$NS1" left "$NS3" west
	cable "$NS3" east "$NS2" right
	address "$NS1" left 10.9.1.1/24
	address "$NS3" west 10.9.1.254/24
	address "$NS3" east 10.9.2.254/24
	address "$NS2" right 10.9.2.2/24
	know "$NS1" left 10.9.1.254 "$NS3" west
	know "$NS3" west 10.9.1.1 "$NS1" left
	know "$NS3" east 10.9.2.2 "$NS2" right
	know "$NS2" right 10.9.2.254 "$NS3" east
	ip -n "$NS1" route add default via 10.9.1.254
	ip -n "$NS2" route add default via 10.9.2.254
	on "$NS3" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
}
