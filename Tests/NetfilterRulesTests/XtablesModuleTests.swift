import NetfilterRules
import Testing

/// Matches of iptables that depend on the packet, its socket, counters or ipset.
struct XtablesModuleTests {
    private func meaning(
        _ rule: String, _ packet: [UInt8] = Packets.udp53, received: UInt64? = nil, length: Int? = nil,
        with change: (inout HookCrossing) -> Void = { _ in }
    ) throws -> Meaning {
        var listings = RulesetListings()
        listings.iptablesLegacy = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT \(rule) -j DROP\nCOMMIT\n"
        listings.traffic = TrafficCount(received: received)
        var crossing = HookCrossing.input(packet)
        if let length { crossing.length = length }
        change(&crossing)
        return Meaning(try Ruleset(listings).culprit(of: crossing))
    }

    @Test func `A text is in the packet`() throws {
        let packet = Packets.ipv4(17, Packets.udp(53).prefix(8) + Array("GET /Index".utf8))
        #expect(try meaning(#"-m string --string "GET /" --algo bm"#, packet) == .matches)
        #expect(try meaning(#"-m string --string "get /i" --algo bm --icase"#, packet) == .matches)
        #expect(try meaning(#"-m string --string "get /i" --algo bm"#, packet) == .passes)
        #expect(try meaning(#"-m string ! --string "GET /" --algo bm"#, packet) == .passes)
        #expect(try meaning(#"-m string --hex-string "|474554|" --algo kmp"#, packet) == .matches)
        #expect(try meaning(#"-m string --hex-string "|4745|T /I" --algo kmp"#, packet) == .matches)
        #expect(try meaning(#"-m string --string "GET" --algo bm --from 29"#, packet) == .passes)
        #expect(try meaning(#"-m string --string "GET" --algo bm --to 20"#, packet) == .passes)
        // Later bytes were not captured.
        #expect(try meaning(#"-m string --string "evil" --algo bm"#, packet, length: 400) == .unknown)
        #expect(try meaning(#"-m string --string "evil" --algo bm --to 30"#, packet, length: 400) == .passes)
    }

    @Test func `Limits are not over after one packet`() throws {
        #expect(try meaning("-m limit --limit 100/sec", received: 1) == .matches)
        #expect(try meaning("-m limit --limit 1/hour --limit-burst 1", received: 2) == .unknown)
        let above =
            "-m hashlimit --hashlimit-above 100/sec --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name x"
        #expect(try meaning(above, received: 3) == .passes)
        #expect(try meaning(above, received: 30) == .unknown)
        #expect(try meaning("-m hashlimit --hashlimit-upto 1mb/s --hashlimit-name x", received: 1) == .unknown)
    }

    @Test func `The owner is the socket's`() throws {
        let known = { (crossing: inout HookCrossing) in crossing.sender = SocketOwner(user: 1000, group: 100) }
        #expect(try meaning("-m owner --uid-owner 1000", with: known) == .matches)
        #expect(try meaning("-m owner --uid-owner 900-1100 --gid-owner 100", with: known) == .matches)
        #expect(try meaning("-m owner --uid-owner 900-1100 ! --gid-owner 100", with: known) == .passes)
        #expect(try meaning("-m owner ! --uid-owner 0", with: known) == .matches)
        #expect(try meaning("-m owner --uid-owner 1000") == .unknown)
        #expect(try meaning("-m owner --socket-exists", with: known) == .unknown)
    }

    @Test func `Hardware addresses are the frame's`() throws {
        let rule = "-m mac --mac-source 02:00:00:00:00:01"
        #expect(try meaning(rule) { $0.link = (0x0200_0000_0001, 0x0200_0000_0002) } == .matches)
        #expect(try meaning(rule) { $0.link = (0x0200_0000_0003, 0x0200_0000_0002) } == .passes)
        #expect(try meaning(rule) == .unknown)
    }

    @Test(arguments: [
        ("hash:ip", "src", "10.0.0.1"), ("hash:ip,port", "src,dst", "10.0.0.1,udp:53"),
        ("hash:net,port,net", "dst,src,src", "10.0.0.2,udp:40000,10.0.0.1"), ("bitmap:port", "dst", "53"),
    ])
    func `ipset is asked for what the packet has`(type: String, flags: String, entry: String) throws {
        var listings = RulesetListings()
        listings.iptablesLegacy =
            "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set --match-set bad \(flags) -j DROP\nCOMMIT\n"
        listings.ipsets = "Name: bad\nType: \(type)\nRevision: 7\n"
        let ruleset = try Ruleset(listings)
        var crossing = HookCrossing.input(Packets.udp53)
        let questions = ruleset.setQuestions(for: crossing)
        #expect(questions.map(\.entry) == [entry] && questions.first?.set == "bad")
        #expect(Meaning(ruleset.culprit(of: crossing)) == .unknown)
        for question in questions { crossing.setAnswers[question] = true }
        #expect(Meaning(ruleset.culprit(of: crossing)) == .matches)
        for question in questions { crossing.setAnswers[question] = false }
        #expect(Meaning(ruleset.culprit(of: crossing)) == .passes)
    }

    @Test func `Part of a mark may be set`() throws {
        let lines = { (option: String) in
            "*mangle\n:INPUT ACCEPT [0:0]\n-A INPUT -j MARK \(option)\n-A INPUT -m mark --mark 0x10/0xf0 -j DROP\nCOMMIT\n"
        }
        var listings = RulesetListings()
        listings.iptablesLegacy = lines("--set-xmark 0x10/0xf0")
        #expect(try Ruleset(listings).culprit(of: .input(Packets.udp53)).culprit != nil)
        listings.iptablesLegacy = lines("--set-xmark 0x20/0xf0")
        #expect(try Ruleset(listings).culprit(of: .input(Packets.udp53)) == .nothing)
        listings.iptablesLegacy = lines("--set-xmark 0x10/0x10")
        #expect(try Ruleset(listings).culprit(of: .input(Packets.udp53)).culprit == nil)
        #expect(try Ruleset(listings).culprit(of: .input(Packets.udp53, mark: 0x11)).culprit != nil)
    }
}
