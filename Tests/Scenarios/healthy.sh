# Shared by the scenarios healthy-*: a desktop, a server and a switch between them, without a fault. Sourced after
# network.sh.

# desktop_network: NS1, the desktop, and NS2, the server, are on ports of the bridge br0 in NS3, which is a host on the
# network, too. Nothing is set up beforehand: hosts resolve neighbours, check addresses and solicit routers. The links
# are down.
desktop_network() {
	for each in "$NS1" "$NS2" "$NS3"; do
		ip netns add "$each"
		ip -n "$each" link set lo up
	done
	ip -n "$NS3" link add br0 type bridge forward_delay 0
	ip -n "$NS3" link add west type veth peer name left netns "$NS1"
	ip -n "$NS3" link add east type veth peer name right netns "$NS2"
	ip -n "$NS3" link set west master br0
	ip -n "$NS3" link set east master br0
	printf '%s\n' '#!/bin/sh' 'case $1 in bound) ip address replace "$ip/24" dev "$interface" ;; esac' >"$WORK/bound"
	printf '%s\n' 'start 10.9.0.100' 'end 10.9.0.120' 'interface right' "lease_file $WORK/leases" \
		"pidfile $WORK/pid" 'option subnet 255.255.255.0' 'option lease 600' >"$WORK/udhcpd"
	chmod +x "$WORK/bound"
	: >"$WORK/leases"
}

# The sides come up one after the other, as machines do: packets sent before the other side is up are no loss.
links_up() {
	ip -n "$NS1" link set left up
	ip -n "$NS2" address add 10.9.0.2/24 dev right
	ip -n "$NS1" address add fd09::1/64 dev left
	ip -n "$NS2" address add fd09::2/64 dev right
	ip -n "$NS3" link set br0 up
	ip -n "$NS3" address add 10.9.0.254/24 dev br0
	ip -n "$NS3" link set west up
	ip -n "$NS3" link set east up
	ip -n "$NS2" link set right up
	for each in "$NS1" "$NS2" "$NS3"; do wait_for settled "$each"; done
	wait_for ping6 "$NS1" fd09::2 1
}

# settled NAMESPACE: no address is tentative any more, and the device has its link-local address.
settled() {
	! ip -n "$1" -6 address show tentative | grep -q . && [ "$(ip -n "$1" -6 -o address show scope link | grep -c .)" -gt 0 ]
}

dhcp() {
	on "$NS2" busybox udhcpd -f "$WORK/udhcpd" >/dev/null 2>&1 &
	wait_for listens "$NS2" u 67
	on "$NS1" busybox udhcpc -i left -n -q -f -t 20 -T 1 -s "$WORK/bound" >/dev/null 2>&1
	ip -n "$NS1" address replace 10.9.0.1/24 dev left
}

# NS4, a host on the Internet, behind NS3, which translates addresses.
internet() {
	ip netns add "$NS4"
	ip -n "$NS4" link set lo up
	ip -n "$NS4" link add upstream type veth peer name wan netns "$NS3"
	ip -n "$NS4" link set upstream up
	ip -n "$NS3" link set wan up
	ip -n "$NS4" address add 192.0.2.1/24 dev upstream
	ip -n "$NS3" address add 192.0.2.254/24 dev wan
	on "$NS3" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
	on "$NS3" nft 'table ip nat { chain out { type nat hook postrouting priority 100; oifname wan masquerade; }; }'
	ip -n "$NS1" route add default via 10.9.0.254
	tcp_server "$NS4" 4000
	on "$NS4" socat UDP4-RECVFROM:53,fork EXEC:cat >/dev/null 2>&1 &
	wait_for listens "$NS4" u 53
}

servers() {
	tcp_server "$NS2" 4000
	on "$NS2" socat -u OPEN:/dev/zero TCP6-LISTEN:4001,ipv6only=0,reuseaddr,fork >/dev/null 2>&1 &
	wait_for listens "$NS2" t 4001
	for port in 53 123; do
		on "$NS2" socat "UDP6-RECVFROM:$port,ipv6only=0,fork" EXEC:cat >/dev/null 2>&1 &
		wait_for listens "$NS2" u "$port"
	done
}

ask() { echo question | on "$NS1" socat -t 2 - "$1" | grep -q question; }

# Requests and answers, pings, connections that either side closes.
conversations() {
	ask UDP:10.9.0.2:53
	ask 'UDP6:[fd09::2]:123'
	for each in 1 2 3; do
		tcp_talk "$NS1" 10.9.0.2 4000 hello
		tcp_talk "$NS1" '[fd09::2]' 4000 hello
	done
	ping4 "$NS1" 10.9.0.2 3
	ping6 "$NS1" fd09::2 3
	ping4 "$NS2" 10.9.0.254 3
	(echo hello && sleep 3) | on "$NS1" socat -t 5 - TCP:10.9.0.2:4000,keepalive,keepidle=1,keepintvl=1 | grep -q hello
	ping4 "$NS1" 192.0.2.1 3
	ask UDP:192.0.2.1:53
	tcp_talk "$NS1" 192.0.2.1 4000 hello
}

# Packets to groups and broadcast addresses without a listener, and frames that a switch floods because it does not know
# the address.
unasked() {
	echo x | on "$NS1" socat -u - UDP4-DATAGRAM:224.0.0.251:5353,ip-multicast-if=10.9.0.1
	echo x | on "$NS1" socat -u - 'UDP6-DATAGRAM:[ff02::fb%left]:5353'
	echo x | on "$NS1" socat -u - UDP4-DATAGRAM:239.255.255.250:1900,ip-multicast-if=10.9.0.1
	echo x | on "$NS2" socat -u - UDP4-DATAGRAM:10.9.0.255:137,broadcast
	echo x | on "$NS2" socat -u - UDP4-DATAGRAM:255.255.255.255:4444,broadcast,so-bindtodevice=right
	ip -n "$NS3" link set east type bridge_slave learning off flood on
	bridge -n "$NS3" fdb del "$(mac "$NS2" right)" dev east master
	ping4 "$NS1" 10.9.0.2 3
	ping4 "$NS3" 10.9.0.2 3
}

# A capture copies everything, including other hosts' frames.
capture() {
	on "$NS1" tcpdump -Z root -n -i left -w /dev/null >/dev/null 2>"$WORK/capture" &
	wait_for grep -q listening "$WORK/capture"
}

desktop_day() {
	links_up
	dhcp
	servers
	internet
	capture
	conversations
	unasked
}
