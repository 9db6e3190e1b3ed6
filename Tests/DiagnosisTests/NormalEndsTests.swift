import Diagnosis
import Protocols
import Testing

@Suite struct NormalEndsTests {
    private let ends: NormalEnds

    init() throws {
        ends = NormalEnds(try CauseCatalog.embedded())
    }

    @Test(arguments: [
        ("SKB_DROP_REASON_NO_SOCKET", "ping_rcv", NormalEnds.Answer.all),
        ("NO_SOCKET", "icmp_rcv", .only(.echoReply)), ("NO_SOCKET", "tcp_v4_rcv", .none),
        ("NO_SOCKET", "__udp4_lib_rcv", .only(.dhcp)), ("NOT_SPECIFIED", "__udp4_lib_rcv", .all),
        ("NOT_SPECIFIED", "tcp_rcv_state_process", .all),
        ("TCP_ABORT_ON_DATA", "tcp_rcv_state_process", .none), ("NOT_SPECIFIED", "ip6_mc_input", .all),
        ("NOT_SPECIFIED", "ip_rcv_finish_core", .only([.multicast, .announcement])),
        ("IP_RPFILTER", "ip_rcv_finish_core", .none), ("QDISC_DROP", "__dev_queue_xmit", .only(.announcement)),
        ("TCP_OLD_DATA", "tcp_data_queue", .all), ("TCP_INVALID_SEQUENCE", "tcp_validate_incoming", .only(.emptyAck)),
        ("TCP_RFC7323_PAWS", "tcp_validate_incoming", .only(.emptyAck)),
        ("BRIDGE_INGRESS_STP_STATE", "br_handle_frame", .only(.announcement)), ("OTHERHOST", "ip_rcv_core", .all),
        ("NOT_SPECIFIED", "icmpv6_rcv", .all), ("ICMP_CSUM", "icmpv6_rcv", .none),
        ("NOT_SPECIFIED", "nf_hook_slow", .none), ("4711", "ip_rcv", .none),
        ("QDISC_DROP", "__tcf_kfree_skb_list", .only(.announcement)),
    ])
    func reasonPlaceAndPacketDecide(reason: String, function: String, answer: NormalEnds.Answer) {
        #expect(ends.answer(reason: reason, function: function + "+0x12") == answer)
    }

    @Test(arguments: [
        ("ip_rcv_core.isra.0", NormalEnds.Answer.only(.otherHost)), ("icmp_rcv", .only(.echoReply)),
        ("__udp4_lib_rcv", .only([.dhcp, .group])), ("icmpv6_rcv", .all), ("nf_hook_slow", .none),
        ("ip_forward", .none), ("udp_queue_rcv_one_skb", .none),
    ])
    func withoutReasonsThePlaceDecides(function: String, answer: NormalEnds.Answer) {
        #expect(ends.answer(reason: nil, function: function) == answer)
    }

    @Test func aReasonAloneIsEnoughOnlyIfItIsNormalEverywhere() {
        #expect(ends.answer(reason: "TCP_OLD_DATA", function: nil) == .all)
        #expect(ends.answer(reason: "NO_SOCKET", function: nil) == .none)
        #expect(ends.answer(reason: nil, function: nil) == .none)
    }

    /// The places that the kernel programs use agree with the answers that the views use, place by place.
    @Test(arguments: [true, false])
    func thePlacesAreThoseThatTheAnswersKnow(givesReasons: Bool) {
        let places = ends.places(givesReasons: givesReasons)
        #expect(places.count > 20)
        for place in places {
            let answer = ends.answer(reason: place.reason, function: place.function)
            #expect(answer == (place.kind.map { .only($0) } ?? .all), "\(place)")
            #expect(places.count { $0.function == place.function && $0.reason == place.reason } == 1, "\(place)")
            #expect(givesReasons == (place.reason != nil))
        }
    }

    private static let packets: [(etherType: UInt16, bytes: String, kind: PacketKind)] = [
        // Echo reply and echo request, 10.0.0.1 to 10.0.0.2
        (0x0800, "4500001c00000000 4001 0000 0a000001 0a000002 00000000 00010001", .echoReply),
        (0x0800, "4500001c00000000 4001 0000 0a000001 0a000002 08000000 00010001", []),
        // IGMPv3 report to 224.0.0.22
        (
            0x0800, "4500001c00000000 0102 0000 00000000 e0000016 22000000 00000000",
            [.group, .multicast, .announcement]
        ),
        // DHCP offer, broadcast and unicast; a DNS answer
        (0x0800, "4500001c00000000 4011 0000 0a000001 ffffffff 00430044 00080000", [.group, .dhcp]),
        (0x0800, "4500001c00000000 4011 0000 0a000001 0a000002 00430044 00080000", .dhcp),
        (0x0800, "4500001c00000000 4011 0000 0a000001 0a000002 00350044 00080000", []),
        // A keep-alive probe; the same with a byte of data, and as a FIN
        (0x0800, "45000028" + segment + "5010 0100 0000 0000", .emptyAck),
        (0x0800, "45000029" + segment + "5010 0100 0000 0000 00", []),
        (0x0800, "45000028" + segment + "5011 0100 0000 0000", []),
        // MLDv2 report after hop-by-hop options
        (
            0x86dd, unspecified("0010 0001", "16") + "3a00050200000100 8f000000 00000000",
            [.group, .multicast, .announcement]
        ),
        // Neighbour solicitation: for duplicate address detection, and by a machine with an address
        (
            0x86dd, unspecified("0018 3aff", "01") + "87000000 00000000" + linkLocal,
            [.group, .multicast, .announcement]
        ),
        (
            0x86dd, "60000000 0018 3aff" + linkLocal + "ff020000000000000000000000000001 87000000 00000000" + linkLocal,
            [.group, .multicast]
        ),
    ]

    private static let segment = "00000000 4006 0000 0a000001 0a000002 00500051 00000001 00000002"
    private static let linkLocal = "fe800000000000000000000000000001"

    /// An IPv6 header from :: to a link-local group.
    private static func unspecified(_ middle: String, _ group: String) -> String {
        "60000000" + middle + String(repeating: "0", count: 32) + "ff02" + String(repeating: "0", count: 26) + group
    }

    @Test(arguments: packets.indices)
    func packetsTellTheirKind(index: Int) {
        let example = Self.packets[index]
        let digits = Array(example.bytes.filter { $0 != " " })
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16)! }
        let layout = PacketLayout(startsAtLink: false, networkOffset: 0, etherType: example.etherType)
        let packet = Packet(decoding: bytes.span.bytes, layout: layout)
        #expect(PacketKind(packet) == example.kind, "\(example.bytes)")
    }
}
