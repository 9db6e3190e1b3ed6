import Testing

@testable import PacketFilter

/// Filters of packet sockets and of iptrace.
@Suite struct SocketFilterTests {
    /// Every jump stays in the program, and every return gives nothing or the snap length.
    @Test(arguments: [nil, "icmp", "not arp", "port 53 and host fd09::1", "ether host 2:0:0:0:0:1", "tcp[13] & 2 != 0"])
    func thePartsAreJoined(expression: String?) throws {
        for acceptsOthers in [false, true] {
            let filter = try SocketFilter(expression, acceptsOthers: acceptsOthers, snapLength: 1000)
            let program = filter.instructions
            for (place, instruction) in program.enumerated() {
                switch ClassicOperation(code: instruction.code) {
                case .jump: #expect(place + 1 + Int(instruction.k) < program.count)
                case .jumpIf:
                    #expect(place + 1 + Int(max(instruction.jumpTrue, instruction.jumpFalse)) < program.count)
                case .returnConstant: #expect(instruction.k == 0 || instruction.k == 1020)
                case nil: Issue.record("unknown instruction \(instruction.code)")
                default: #expect(place + 1 < program.count)
                }
            }
            #expect(program.contains { $0.code == 0x15 && $0.k == 3 && $0.jumpTrue == 3 } == !acceptsOthers)
        }
    }

    @Test func aCookedPacketIsReadWhereItIs() throws {
        let filter = try SocketFilter("ip proto 17", acceptsOthers: true, snapLength: 100)
        // The protocol of the network header, and its tenth byte, beside the packet.
        #expect(filter.instructions.contains { $0.code == 0x28 && $0.k == 0xffff_f000 })
        #expect(filter.instructions.contains { $0.code == 0x30 && $0.k == 0xfff0_0009 })
    }

    @Test func theFlagsOfIptraceAreAnExpression() throws {
        var filter = ConversationFilter()
        #expect(try filter.text() == nil)
        filter.withoutARP = true
        #expect(try filter.text() == "not arp")
        filter.sources = ["10.1.0.2"]
        #expect(try filter.text() == "(not arp) and ((src host 10.1.0.2))")
        filter.isBidirectional = true
        filter.destinations = ["fd02::2,10.2.0.0/16"]
        #expect(
            try filter.text()
                == "(not arp) and (((src host 10.1.0.2) and (dst host fd02::2 or dst net 10.2.0.0/16)) or "
                + "((dst host 10.1.0.2) and (src host fd02::2 or src net 10.2.0.0/16)))")
        filter = ConversationFilter()
        filter.ports = ["53,8000-8010"]
        #expect(try filter.text() == "port 53 or portrange 8000-8010")
    }

    @Test func protocolsAreNumbersOrListedNames() throws {
        var filter = ConversationFilter()
        filter.protocols = ["17"]
        let number = try #require(try filter.text())
        filter.protocols = ["udp"]
        #expect(try filter.text() == number && number.hasPrefix("(ip proto 17 or ip6 proto 17) or "))
        filter.protocols = ["ip"]
        #expect(try filter.text() == "ip")
    }

    @Test(arguments: ["256", "nosuch", "-1"]) func unknownProtocolsAreRefused(name: String) {
        var filter = ConversationFilter()
        filter.protocols = [name]
        #expect { _ = try filter.text() } throws: { error in
            guard case FilterError.invalidOption("-P", name, _, _) = error else { return false }
            return true
        }
    }

    @Test func tagsOfVLANsAreNotWhereAnExpressionLooks() {
        var filter = ConversationFilter()
        filter.expression = "vlan 5 and tcp"
        #expect(throws: FilterError.self) { _ = try filter.text() }
        filter.expression = "tcp) or (udp"
        #expect(throws: FilterError.self) { _ = try filter.text() }
    }
}
