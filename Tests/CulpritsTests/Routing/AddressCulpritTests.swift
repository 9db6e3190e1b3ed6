import Culprits
import Diagnosis
import Testing

/// Missing or unusable addresses and neighbours.
@Suite struct AddressCulpritTests {
    private let finders = CulpritFinders()

    @Test func theLimitOfTheTableIsToBlameIfItWasEverReached() throws {
        func answer(_ refusals: String) -> CulpritAnswer {
            var namespace = FakeNamespace(sysctls: ["net/ipv4/neigh/default/gc_thresh3": "1024"])
            namespace.files["stat/arp_cache"] = """
                entries  allocs   destroys hash_grows lookups hits     table_fulls
                00000400 00000500 00000000 00000000   00000000 00000000 \(refusals)
                00000400 00000500 00000000 00000000   00000000 00000000 00000001

                """
            return finders.answer(to: .datagram(), cause: "neighbour-table-full", in: namespace)
        }
        let found = try #require(culprit(answer("0000000f")))
        #expect(found.name == "net.ipv4.neigh.default.gc_thresh3 = 1024")
        #expect(found.details[0].contains("1024 now") && found.details[1].hasPrefix("16 more"))
        var never = FakeNamespace(sysctls: ["net/ipv4/neigh/default/gc_thresh3": "1024"])
        never.files["stat/arp_cache"] = "entries table_fulls\n00000004 00000000\n"
        #expect(doubt(finders.answer(to: .datagram(), cause: "neighbour-table-full", in: never)) != nil)
        #expect(doubt(finders.answer(to: .datagram(), cause: "neighbour-table-full", in: FakeNamespace())) != nil)
    }

    @Test func anAddressThatWaitsForItsDetectionIsNamed() throws {
        func answer(_ cause: String, _ listing: String) -> CulpritAnswer {
            let namespace = FakeNamespace(
                commands: ["ip -j -6 address show": listing],
                sysctls: ["net/ipv6/conf/all/forwarding": "0"])
            return finders.answer(to: .datagramOverIPv6, cause: cause, in: namespace)
        }
        func listing(_ more: String) -> String {
            #"[{},{"ifname":"eth0","addr_info":[{"family":"inet6","local":"fd09::2","prefixlen":64,"tentative":true\#(more)}]}]"#
        }
        let waiting = try #require(culprit(answer("address-tentative", listing(""))))
        #expect(waiting.name == "fd09::2/64 dev eth0" && waiting.details[0].hasSuffix("(tentative)"))
        let failed = try #require(culprit(answer("address-tentative", listing(#","dadfailed":true"#))))
        #expect(failed.details[0].hasSuffix("(dadfailed)"))
        #expect(culprit(answer("address-tentative", "[]")) == nil)
        // A packet to the machine itself needs no forwarding.
        #expect(culprit(answer("forwarding-off", listing(""))) == nil)
        #expect(culprit(answer("forwarding-off", "[]"))?.name == "net.ipv6.conf.all.forwarding = 0")
    }
}
