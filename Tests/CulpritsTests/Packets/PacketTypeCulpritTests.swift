@testable import Culprits
import Diagnosis
import Testing

/// Evidence in the packet itself: options, addresses, sequence numbers.
@Suite struct PacketTypeCulpritTests {
    private let finders = CulpritFinders()

    private func options(_ options: [UInt8]) -> Evidence {
        let first = UInt8(0x45 + options.count / 4)
        let ip: [UInt8] = [first, 0, 0, 48, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        return Evidence.datagram().with(ip + options + [UInt8](repeating: 0, count: 20))
    }

    private func named(_ options: [UInt8], all: String = "0", device: String = "1") -> String? {
        let namespace = FakeNamespace(sysctls: [
            "net/ipv4/conf/all/accept_source_route": all, "net/ipv4/conf/eth0/accept_source_route": device,
        ])
        return culprit(finders.answer(to: self.options(options), cause: "ip-options", in: namespace))?.name
    }

    @Test func sourceRoutingIsRefusedByTheSetting() {
        let loose: [UInt8] = [0x83, 7, 4, 10, 9, 0, 2, 0]
        #expect(named(loose) == "net.ipv4.conf.all.accept_source_route = 0")
        #expect(
            named([1, 0x89, 7, 4, 10, 9, 0, 2], all: "1", device: "0") == "net.ipv4.conf.eth0.accept_source_route = 0")
        #expect(named(loose, all: "1") == nil)
    }

    @Test func anImpossibleOptionIsNamedAndAPossibleOneIsNot() {
        #expect(named([7, 1, 0, 0]) == "IP option 7 with the length 1")
        #expect(named([7, 9, 4, 0]) == "IP option 7 with the length 9")
        #expect(named([1, 1, 1, 7]) == "IP option 7 without a length")
        #expect(named([7, 3, 4, 0]) == nil && named([0, 7, 1, 0]) == nil && named([]) == nil)
    }

    private func six(_ source: [UInt8], _ destination: [UInt8]) -> Evidence {
        Evidence.datagram().with([0x60, 0, 0, 0, 0, 0, 59, 64] + source + destination, etherType: 0x86dd)
    }

    @Test func aLinkLocalAddressIsNamed() {
        let global: [UInt8] = [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]
        let local: [UInt8] = [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [7]
        func named(_ evidence: Evidence) -> String? {
            culprit(finders.answer(to: evidence, cause: "link-local-scope", in: FakeNamespace()))?.name
        }
        #expect(named(six(local, global)) == "source address fe80::7")
        #expect(named(six(global, local)) == "destination address fe80::7")
        #expect(named(six(global, global)) == nil)
    }

    @Test func dataThatNeverArrivedIsNotOldData() throws {
        func found(_ information: String, payload: Int = 100) -> Culprit? {
            let text = "ESTAB 0 0 10.0.0.2:80 10.0.0.1:4000\n\t cubic rto:200 \(information)\n"
            let namespace = FakeNamespace(commands: ["ss -Hntapmi sport = :80": text])
            return culprit(
                finders.answer(
                    to: .segment(flags: 0x10, payload: payload), cause: "tcp-out-of-window", in: namespace))
        }
        #expect(found("segs_in:2")?.name == "connection 10.0.0.1 port 4000 -> 10.0.0.2 port 80")
        #expect(found("bytes_received:99 segs_in:3") != nil)
        #expect(found("bytes_received:100 segs_in:3") == nil)
        #expect(found("") == nil, "a kernel that does not count")
        #expect(found("segs_in:2", payload: 0) == nil)
    }

    @Test func theRuleThatLeavesOnePortIsNamed() throws {
        let listing = """
            table ip guard { # handle 1
            \tchain gate { # handle 1
            \t\ttype nat hook postrouting priority srcnat; policy accept;
            \t\tudp dport 53 snat to 10.9.2.254:7000 # handle 2
            \t\ttcp dport 53 snat to 10.9.2.254:7000 # handle 3
            \t\toifname "eth1" masquerade # handle 4
            \t\tudp dport 54 snat to 10.9.2.254:7000-7010 # handle 5
            \t}
            }
            """
        var namespace = FakeNamespace(
            commands: ["nft -a list ruleset": listing],
            files: [
                "stat/nf_conntrack":
                    "entries  found insert_failed drop\n00000001 00000000 00000001 00000000\n00000001 00000000 0000000a 00000000\n"
            ])
        func answer() -> CulpritAnswer {
            finders.answer(to: .datagram(), cause: "conntrack-insert-failed", in: namespace)
        }
        let found = try #require(culprit(answer()))
        #expect(found.name == "nft ip guard gate: udp dport 53 snat to 10.9.2.254:7000 # handle 2")
        #expect(found.details[1].hasPrefix("11 connections"))
        #expect(ConnectionClashCulprit.rules(listing).count == 3)
        namespace.files = ["stat/nf_conntrack": "entries insert_failed\n00000001 00000000\n"]
        #expect(culprit(answer()) == nil)
        namespace.files = [:]
        #expect(culprit(answer()) == nil)
    }
}
