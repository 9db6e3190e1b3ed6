import Culprits
import Diagnosis
import Testing

/// Packets that the kernel took and did not answer: a culprit needs proof.
@Suite struct SilenceCulpritTests {
    private let finders = CulpritFinders()
    private static let local = #"[{"type":"local","dst":"10.0.0.2","dev":"lo"}]"#

    private func silent(_ evidence: Evidence, _ unanswered: UnansweredRequest) -> Evidence {
        var evidence = evidence
        evidence.unanswered = unanswered
        return evidence
    }

    private func ask(
        _ cause: String, _ evidence: Evidence, _ commands: [String: String], _ sysctls: [String: String] = [:]
    ) -> CulpritAnswer {
        finders.answer(to: evidence, cause: cause, in: FakeNamespace(commands: commands, sysctls: sysctls))
    }

    private var echo: Evidence {
        let ip: [UInt8] = [0x45, 0, 0, 28, 0, 1, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        return silent(Evidence.datagram().with(ip + [8, 0, 0, 0, 0, 1, 0, 1]), .echoRequest)
    }

    private var question: Evidence {
        silent(
            Evidence.datagram().with(
                [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2],
                etherType: 0x0806), .arpRequest)
    }

    @Test func aPingToAnOwnAddressIsIgnoredByTheSetting() {
        let commands = ["ip -j route get 10.0.0.2": Self.local]
        #expect(
            culprit(ask("icmp-ignored", echo, commands, ["net/ipv4/icmp_echo_ignore_all": "1"]))?.name
                == "net.ipv4.icmp_echo_ignore_all = 1")
        // On by default, and about broadcasts only.
        let usual = ["net/ipv4/icmp_echo_ignore_all": "0", "net/ipv4/icmp_echo_ignore_broadcasts": "1"]
        #expect(culprit(ask("icmp-ignored", echo, commands, usual)) == nil)
        let broadcast = ["ip -j route get 10.0.0.2": #"[{"type":"broadcast","dst":"10.0.0.2","dev":"eth0"}]"#]
        var dropped = echo
        dropped.unanswered = nil
        #expect(
            culprit(ask("icmp-refused", dropped, broadcast, usual))?.name == "net.ipv4.icmp_echo_ignore_broadcasts = 1")
        #expect(ask("icmp-refused", .datagram(), broadcast, usual) == .none)
    }

    @Test func aPingToTheBroadcastAddressOfAnotherNetworkIsNotForwarded() throws {
        func listing(_ other: String) -> String {
            """
            [{"ifindex":7,"ifname":"eth0","addr_info":[{"local":"10.0.1.1","prefixlen":24,"scope":"global"}]},
             {"ifindex":8,"ifname":"eth1","addr_info":[{"local":"\(other)","prefixlen":30,"scope":"global"}]}]
            """
        }
        func answer(_ settings: [String: String], other: String = "10.0.0.1") -> Culprit? {
            var dropped = echo
            dropped.unanswered = nil
            dropped.inDevice = Evidence.Device(name: "eth0", ifindex: 7, netns: 1)
            let usual = [
                "net/ipv4/icmp_echo_ignore_all": "0", "net/ipv4/icmp_echo_ignore_broadcasts": "1",
                "net/ipv4/conf/eth0/forwarding": "1", "net/ipv4/conf/all/bc_forwarding": "1",
                "net/ipv4/conf/eth0/bc_forwarding": "0",
            ]
            return culprit(
                ask(
                    "icmp-refused", dropped,
                    [
                        "ip -j route get 10.0.0.2": #"[{"type":"broadcast","dst":"10.0.0.2","dev":"eth1"}]"#,
                        "ip -j -4 address show": listing(other),
                    ], usual.merging(settings) { $1 }))
        }
        let found = try #require(answer([:]))
        #expect(found.name == "net.ipv4.conf.eth0.bc_forwarding = 0")
        #expect(
            found.remedies[0].command
                == "sysctl -w net.ipv4.conf.all.bc_forwarding=1 net.ipv4.conf.eth0.bc_forwarding=1")
        // A host forwards nothing, and a network of the incoming device needs no forwarding.
        let ignored = "net.ipv4.icmp_echo_ignore_broadcasts = 1"
        #expect(answer(["net/ipv4/conf/eth0/forwarding": "0"])?.name == ignored)
        #expect(answer(["net/ipv4/conf/eth0/bc_forwarding": "1"])?.name == ignored)
        #expect(answer([:], other: "10.0.3.1")?.name == ignored)
    }

    @Test func aPingThatPassesThroughIsNobodysFault() {
        let commands = ["ip -j route get 10.0.0.2": #"[{"dst":"10.0.0.2","dev":"eth1"}]"#]
        #expect(culprit(ask("icmp-ignored", echo, commands, ["net/ipv4/icmp_echo_ignore_all": "1"])) == nil)
    }

    @Test func arpIgnoreIsJudgedByItsValue() {
        let addresses = """
            [{"ifname":"eth0","addr_info":[{"local":"10.0.0.3","prefixlen":24,"scope":"global"}]},
             {"ifname":"eth1","addr_info":[{"local":"10.0.0.2","prefixlen":24,"scope":"global"}]}]
            """
        let commands = ["ip -j route get 10.0.0.2": Self.local, "ip -j -4 address show": addresses]
        func name(_ value: String, _ commands: [String: String]) -> String? {
            culprit(
                ask(
                    "arp-ignored", question, commands,
                    ["net/ipv4/conf/all/arp_ignore": value, "net/ipv4/conf/eth0/arp_ignore": "0"]))?.name
        }
        #expect(name("8", commands) == "net.ipv4.conf.all.arp_ignore = 8")
        #expect(name("1", commands) == "net.ipv4.conf.all.arp_ignore = 1")
        #expect(name("2", commands) == "net.ipv4.conf.all.arp_ignore = 2")
        #expect(name("3", commands) == nil && name("0", commands) == nil && name("5", commands) == nil)
        let here = commands.merging([
            "ip -j -4 address show": addresses.replacing("eth0", with: "eth2").replacing("eth1", with: "eth0")
        ]) { $1 }
        #expect(name("1", here) == nil && name("2", here) == nil)
        let narrow = here.merging([
            "ip -j -4 address show": addresses.replacing("eth1", with: "eth0").replacing("24", with: "32")
        ]) { $1 }
        #expect(name("2", narrow) == "net.ipv4.conf.all.arp_ignore = 2")
        #expect(name("8", ["ip -j route get 10.0.0.2": #"[{"dst":"10.0.0.2","dev":"eth1"}]"#]) == nil)
    }

    @Test func arpFilterWantsTheWayBack() {
        let settings = ["net/ipv4/conf/all/arp_filter": "0", "net/ipv4/conf/eth0/arp_filter": "1"]
        func name(_ device: String) -> String? {
            culprit(
                ask(
                    "arp-ignored", question,
                    [
                        "ip -j route get 10.0.0.2": Self.local,
                        "ip -j route get 10.0.0.1 from 10.0.0.2": #"[{"dst":"10.0.0.1","dev":"\#(device)"}]"#,
                    ], settings))?.name
        }
        #expect(name("eth1") == "net.ipv4.conf.eth0.arp_filter = 1")
        #expect(name("eth0") == nil)
    }

    @Test func aSynIsLostIfTheQueueIsFullTheListenerRefusedAndNoConnectionCameOfIt() throws {
        let syn = silent(.segment(flags: 2), .tcpSyn)
        let full = "LISTEN 2 1 *:80 *:* users:((\"web\",pid=9,fd=3))\n\t skmem:(r0,rb1,t0,tb1,f0,w0,o0,bl0,d4) cubic\n"
        func found(_ text: String, _ cause: String = "accept-queue-full", cookies: String = "1") -> Culprit? {
            culprit(
                ask(
                    cause, syn,
                    [
                        "ss -Hntapmi sport = :80": text, "ss -Hntlm sport = :80": text,
                        "ip -j route get 10.0.0.2": Self.local,
                    ],
                    ["net/ipv4/tcp_syncookies": cookies, "net/ipv4/tcp_max_syn_backlog": "128"]))
        }
        let listener = try #require(found(full))
        #expect(listener.name == "tcp *:80 of web (pid 9)")
        #expect(listener.details.last == "it has refused 4 packets since it was opened")
        #expect(found(full.replacing("d4", with: "d0")) == nil)
        #expect(found(full.replacing("LISTEN 2", with: "LISTEN 1")) == nil)
        #expect(found(full + "ESTAB 0 0 [::ffff:10.0.0.2]:80 [::ffff:10.0.0.1]:4000\n") == nil)
        #expect(found(full.replacing("*:80", with: "[::]:80")) == nil, "it takes IPv6 only")
        #expect(found(full.replacing("*:80", with: "0.0.0.0%eth7:80")) == nil, "it is bound to another device")
        #expect(found(full + full) == nil, "two share the port")
        let half = full + "SYN-RECV 0 0 10.0.0.2:80 10.0.0.7:1\n"
        #expect(
            found(half, "syn-queue-full", cookies: "0")?.details[0] == "1 handshakes are half done; the backlog is 1")
        #expect(found(half, "syn-queue-full") == nil, "with cookies nothing is lost")
        #expect(found(full, "syn-queue-full", cookies: "0") == nil)
    }

    @Test func aResetTellsWhoSentItAndWhy() throws {
        let commands = ["ip -j route get 10.0.0.2": Self.local]
        func found(_ flags: UInt8, _ sequence: UInt8) -> Culprit? {
            culprit(ask("tcp-reset", silent(.segment(flags: flags, sequence: sequence), .tcpReset), commands))
        }
        #expect(found(0x14, 0)?.name == "10.0.0.1 port 4000")
        #expect(found(0x14, 0)?.details[1].hasPrefix("it refuses a connection") == true)
        #expect(found(0x14, 7)?.details[1].contains("given the connection up") == true)
        #expect(found(0x04, 7)?.details[1].contains("does not know") == true)
        let passing = ["ip -j route get 10.0.0.2": #"[{"dst":"10.0.0.2","dev":"eth1"}]"#]
        #expect(culprit(ask("tcp-reset", silent(.segment(flags: 4), .tcpReset), passing)) == nil)
    }

    @Test func noOtherFinderSpeaksOfWhatWasNotLost() {
        let text = "[{\"flags\":[\"BROADCAST\"],\"mtu\":1500}]"
        #expect(
            doubt(ask("device-down", echo, ["ip -j link show dev eth0": text]))
                == "nothing shows that the packet was lost")
    }
}
