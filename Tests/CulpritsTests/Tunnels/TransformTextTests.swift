import Testing

@testable import Culprits

/// IPsec policies are printed as `ip xfrm policy show` prints them, on one line.
@Suite struct TransformTextTests {
    @Test(arguments: [
        """
        src 10.0.0.0/24 dst 10.0.0.2/32 proto udp dport 53
        \tdir in priority 5 ptype main
        \tmark 0x1/0xff
        \ttmpl src 0.0.0.0 dst 0.0.0.0
        \t\tproto esp reqid 3 mode transport
        \t\tlevel use
        """,
        "src 10.9.1.0/24 dst 10.9.2.0/24\n\tdir out action block priority 0 ptype main",
        "src fd00::/8 dst ::/0\n\tdir fwd priority 7\n\ttmpl src fd00::1 dst fd00::2\n\t\tproto ah reqid 0 mode tunnel",
        "src 10.0.0.0/8 dst 0.0.0.0/0 proto tcp sport 22 dev eth0\n\tdir out priority 0",
    ])
    func policies(listing: String) throws {
        let policy = try #require(TransformOutput.policies(listing).first)
        let words = listing.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(TransformPolicy(policy, in: FakeNamespace()).text == words)
    }
}
