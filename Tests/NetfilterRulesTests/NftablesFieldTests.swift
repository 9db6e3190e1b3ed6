import Testing

@testable import NetfilterRules

/// Where nft reads its fields: the templates of nft's src/proto.c.
@Suite struct NftablesFieldTests {
    @Test(
        arguments: [
            ("ip", "version 0 4, hdrlength 4 4, dscp 8 6, ecn 14 2, length 16 16, id 32 16, frag-off 48 16, ttl 64 8"),
            ("ip", "protocol 72 8, checksum 80 16, saddr 96 32, daddr 128 32"),
            ("ip6", "version 0 4, dscp 4 6, ecn 10 2, flowlabel 12 20, length 32 16, nexthdr 48 8, hoplimit 56 8"),
            ("ip6", "saddr 64 128, daddr 192 128"),
            ("arp", "htype 0 16, ptype 16 16, hlen 32 8, plen 40 8, operation 48 16, saddr ether 64 48"),
            ("arp", "saddr ip 112 32, daddr ether 144 48, daddr ip 192 32"),
            ("tcp", "sport 0 16, dport 16 16, sequence 32 32, ackseq 64 32, doff 96 4, reserved 100 4, flags 104 8"),
            ("tcp", "window 112 16, checksum 128 16, urgptr 144 16"),
            ("udp", "sport 0 16, dport 16 16, length 32 16, csumcov 32 16, checksum 48 16"),
            ("udplite", "sport 0 16, dport 16 16, length 32 16, csumcov 32 16, checksum 48 16"),
            ("sctp", "sport 0 16, dport 16 16, vtag 32 32"), ("dccp", "sport 0 16, dport 16 16"),
            ("esp", "spi 0 32, sequence 32 32"), ("ah", "nexthdr 0 8, spi 32 32, sequence 64 32"),
            ("comp", "nexthdr 0 8, cpi 16 16"), ("igmp", "type 0 8, group 32 32"), ("th", "sport 0 16, dport 16 16"),
            ("icmp", "type 0 8, code 8 8, checksum 16 16, id 32 16, sequence 48 16, gateway 32 32, mtu 48 16"),
            ("icmpv6", "type 0 8, code 8 8, checksum 16 16, id 32 16, sequence 48 16, mtu 32 32"),
        ])
    func positions(_ header: String, _ fields: String) {
        for item in fields.split(separator: ", ") {
            let words = item.split(separator: " ")
            let name = words.dropLast(2).joined(separator: " ")
            guard case .header(let field)? = NftablesFields.payload(protocol: header, field: name)?.field else {
                Issue.record("\(header) \(name) is unknown")
                continue
            }
            #expect(String(field.bit) == words[words.count - 2], "\(header) \(name)")
            #expect(String(field.count) == words[words.count - 1], "\(header) \(name)")
        }
    }

    @Test(
        arguments: [
            ("ip", "ttl", .version(4)), ("ip6", "hoplimit", .version(6)), ("arp", "htype", .arp),
            ("arp", "saddr ip", .arp), ("tcp", "flags", .transport([6])), ("udplite", "csumcov", .transport([136])),
            ("ah", "spi", .transport([51])), ("igmp", "group", .transport([2])), ("th", "dport", .none),
            ("icmp", "code", .transport([1])), ("icmp", "id", .icmp(1, types: [0, 8, 13, 14, 15, 16, 17, 18])),
            ("icmp", "mtu", .icmp(1, types: [3])), ("icmp", "gateway", .icmp(1, types: [5])),
            ("icmpv6", "sequence", .icmp(58, types: [128, 129])), ("icmpv6", "mtu", .icmp(58, types: [2])),
        ] as [(String, String, HeaderField.Requirement)])
    func packetsThatHaveTheField(_ header: String, _ name: String, _ requirement: HeaderField.Requirement) {
        guard case .header(let field)? = NftablesFields.payload(protocol: header, field: name)?.field else {
            Issue.record("\(header) \(name) is unknown")
            return
        }
        #expect(field.requirement == requirement)
    }

    @Test func namesOfNoField() {
        #expect(NftablesFields.payload(protocol: "tcp", field: "sum") == nil)
        #expect(NftablesFields.payload(protocol: "th", field: "flags") == nil)
        #expect(NftablesFields.payload(protocol: "vxlan", field: "vni") == nil)
    }
}
