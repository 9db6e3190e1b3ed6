import CNettraceBPF
import Rendering
import Testing

@Suite struct PacketTextTests {
    private static let syn = ipv4(6, tcp(0x12))

    private static let cases: [(EventRecord, String)] = [
        (EventRecord(packet: syn), "TCP: 10.0.0.1:443 -> 10.0.0.2:51234, seq: 1, ack: 2, win: 512, flags: SA, len: 0"),
        (
            EventRecord(packet: ipv4(6, tcp(0) + [1, 2, 3])),
            "TCP: 10.0.0.1:443 -> 10.0.0.2:51234, seq: 1, ack: 2, win: 512, flags: -, len: 3"
        ),
        (
            EventRecord(packet: ipv4(6, tcp(0xff))),
            "TCP: 10.0.0.1:443 -> 10.0.0.2:51234, seq: 1, ack: 2, win: 512, flags: SFRPAUEC, len: 0"
        ),
        (
            EventRecord(etherType: 0x86dd, packet: ipv6(17, udp(53, [1, 2]))),
            "UDP: [fe80::1]:5000 -> [fe80::2]:53, len: 2"
        ),
        (EventRecord(packet: Array(syn.prefix(26))), "TCP: 10.0.0.1:443 -> 10.0.0.2:51234 (truncated)"),
        (EventRecord(packet: Array(syn.prefix(19))), "IP (truncated)"),
        (EventRecord(packet: [0x44] + syn.dropFirst()), "IP (malformed)"),
        // Addresses of a socket: the rest of the made-up header is not shown.
        (
            EventRecord(flags: NT_EVENT_SOCK_TUPLE, packet: ipv4(6, [0x01, 0xbb, 0xc8, 0x22])),
            "TCP: 10.0.0.1:443 -> 10.0.0.2:51234 (socket)"
        ),
        (
            EventRecord(packet: ipv4(17, udp(53, []), fragment: 185)),
            "UDP: 10.0.0.1 -> 10.0.0.2, fragment id: 4660, offset: 1480, last"
        ),
        (
            EventRecord(packet: ipv4(17, udp(53, []), fragment: 0x2000)),
            "UDP: 10.0.0.1:5000 -> 10.0.0.2:53, len: 0, fragment id: 4660, offset: 0, more"
        ),
        (
            EventRecord(packet: ipv4(1, [3, 3, 0, 0, 0, 0, 0, 0] + ipv4(17, udp(53, [])))),
            "ICMP: 10.0.0.1 -> 10.0.0.2, port unreachable, original UDP: 10.0.0.1:5000 -> 10.0.0.2:53, len: 0"
        ),
        (
            EventRecord(packet: ipv4(1, [3, 4, 0, 0, 0, 0, 5, 0x78] + Array(syn.prefix(28)))),
            "ICMP: 10.0.0.1 -> 10.0.0.2, fragmentation needed, mtu: 1400, original TCP: 10.0.0.1:443 -> "
                + "10.0.0.2:51234, seq: 1"
        ),
        (
            EventRecord(
                etherType: 0x86dd, packet: ipv6(58, [135, 0, 0, 0, 0, 0, 0, 0] + [0xff, 2] + zeros(13) + [9])),
            "ICMPv6: fe80::1 -> fe80::2, neighbour solicitation, target: ff02::9"
        ),
        (EventRecord(packet: ipv4(1, [99, 7, 0, 0, 0, 0, 0, 0])), "ICMP: 10.0.0.1 -> 10.0.0.2, type: 99, code: 7"),
        (
            EventRecord(packet: ipv4(1, [5, 1, 0, 0, 10, 0, 0, 254])),
            "ICMP: 10.0.0.1 -> 10.0.0.2, redirect for host, to: 10.0.0.254, original IP (truncated)"
        ),
        (
            EventRecord(etherType: 0x0806, packet: arp(1)), "ARP: who-has 10.0.0.1 tell 10.0.0.2"
        ),
        (EventRecord(etherType: 0x0806, packet: arp(2)), "ARP: 10.0.0.2 is-at 02:00:00:00:00:0a"),
        (EventRecord(etherType: 0x8035, packet: arp(3)), "RARP: who-is 02:00:00:00:00:0b tell 02:00:00:00:00:0a"),
        (EventRecord(etherType: 0x8035, packet: arp(4)), "RARP: 02:00:00:00:00:0b is 10.0.0.1"),
        (EventRecord(etherType: 0x0806, packet: arp(8)), "ARP: operation: 8"),
        (EventRecord(etherType: 0x0806, packet: [0, 1]), "ARP: no operation (truncated)"),
        (
            EventRecord(packet: ipv4(132, [0, 1, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0, 1, 0])),
            "SCTP: 10.0.0.1:1 -> 10.0.0.2:2, tag: 0x00000009, chunk: INIT"
        ),
        (
            EventRecord(packet: ipv4(2, [0x11, 0, 0, 0, 224, 0, 0, 1])),
            "IGMP: 10.0.0.1 -> 10.0.0.2, membership query, group: 224.0.0.1"
        ),
        (
            EventRecord(packet: ipv4(50, [0, 0, 1, 0, 0, 0, 0, 7])),
            "ESP: 10.0.0.1 -> 10.0.0.2, spi: 0x00000100, seq: 7"
        ),
        (
            EventRecord(packet: ipv4(51, [6, 4, 0, 0, 0, 0, 0, 9, 0, 0, 0, 3] + zeros(12) + tcp(2))),
            "TCP: 10.0.0.1:443 -> 10.0.0.2:51234, seq: 1, ack: 2, win: 512, flags: S, len: 0, ah spi: 0x00000009"
        ),
        (EventRecord(packet: ipv4(2, [0x99, 0, 0, 0, 0, 0, 0, 0])), "IGMP: 10.0.0.1 -> 10.0.0.2, type: 153"),
        // A port of VXLAN or Geneve does not make a socket's made-up header a tunnel.
        (
            EventRecord(flags: NT_EVENT_SOCK_TUPLE, packet: ipv4(17, [0x13, 0x88, 0x17, 0xc1] + zeros(16))),
            "UDP: 10.0.0.1:5000 -> 10.0.0.2:6081 (socket)"
        ),
        (EventRecord(packet: ipv4(200, [])), "protocol 200: 10.0.0.1 -> 10.0.0.2"),
        (EventRecord(packet: ipv4(89, [])), "OSPF: 10.0.0.1 -> 10.0.0.2"),
        (
            EventRecord(packet: ipv4(4, ipv4(1, echoRequest))),
            "IPIP: 10.0.0.1 -> 10.0.0.2 | ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7"
        ),
        (
            EventRecord(packet: ipv4(47, [0x20, 0, 8, 0, 0, 0, 0, 5] + ipv4(1, echoRequest))),
            "GRE: 10.0.0.1 -> 10.0.0.2, key: 5 | ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7"
        ),
        (
            EventRecord(
                packet: ipv4(17, udp(4789, [8, 0, 0, 0, 0, 0, 42, 0] + zeros(12) + [8, 0] + ipv4(1, echoRequest)))),
            "VXLAN: 10.0.0.1:5000 -> 10.0.0.2:4789, vni: 42 | ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7"
        ),
        (
            EventRecord(packet: ipv4(17, udp(6081, [0, 0, 0x65, 0x58, 0, 0, 42, 0] + zeros(12) + [8, 6] + arp(1)))),
            "Geneve: 10.0.0.1:5000 -> 10.0.0.2:6081, vni: 42 | ARP: who-has 10.0.0.1 tell 10.0.0.2"
        ),
        (
            EventRecord(flags: NT_EVENT_VLAN, vlanTCI: 100, packet: syn),
            "TCP: 10.0.0.1:443 -> 10.0.0.2:51234, seq: 1, ack: 2, win: 512, flags: SA, len: 0, vlan: 100"
        ),
        (
            EventRecord(
                flags: NT_EVENT_VLAN | NT_EVENT_L2, etherType: 0x8100, vlanTCI: 100, packet: [0, 5, 8, 6] + arp(1)),
            "ARP: who-has 10.0.0.1 tell 10.0.0.2, vlan: 100.5"
        ),
        (
            EventRecord(flags: NT_EVENT_L2, etherType: 0x88cc, packet: [2, 7]),
            "LLDP: 02:00:00:00:00:02 -> 02:00:00:00:00:01"
        ),
        (EventRecord(etherType: 0x1234, packet: []), "ethertype 0x1234"),
    ]

    @Test(arguments: cases.indices)
    func golden(_ index: Int) {
        #expect(packetText(Self.cases[index].0) == Self.cases[index].1)
    }

    private static func zeros(_ count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: count)
    }

    private static func arp(_ operation: UInt8) -> [UInt8] {
        [0, 1, 8, 0, 6, 4, 0, operation, 2, 0, 0, 0, 0, 10, 10, 0, 0, 2, 2, 0, 0, 0, 0, 11, 10, 0, 0, 1]
    }
}
