import Culprits
import Diagnosis
import Testing

/// Devices that are down, have no carrier, or take no packet of this size.
@Suite struct LinkCulpritTests {
    private func answer(
        _ cause: String, _ commands: [String: String], at function: String? = nil, length: UInt32 = 28,
        reason: String? = nil, others: [Int: [String: String]] = [:]
    ) -> CulpritAnswer {
        var evidence = Evidence.datagram()
        evidence.function = function
        evidence.length = length
        evidence.reason = reason
        return CulpritFinders().answer(
            to: evidence, cause: cause, in: FakeNamespace(commands: commands, others: others))
    }

    private func device(_ flags: String, _ rest: String = "", name: String = "eth0") -> [String: String] {
        ["ip -d -j link show dev \(name)": #"[{"ifindex":2,"ifname":"\#(name)","flags":[\#(flags)]\#(rest)}]"#]
    }

    private static let lost = #""NO-CARRIER","UP""#
    private static let veth = #","link_index":5,"link_netnsid":3,"mtu":1500,"linkinfo":{"info_kind":"veth"}"#

    private static func peer(_ flags: String, mtu: Int = 1500, of index: Int = 2) -> [Int: [String: String]] {
        [
            3: [
                "ip -d -j link show type veth":
                    #"[{"ifindex":4,"ifname":"no","flags":["UP"],"link_index":9,"mtu":9,"linkinfo":{"info_kind":"veth"}},{"ifindex":5,"ifname":"ceth0","flags":[\#(flags)],"link_index":\#(index),"mtu":\#(mtu),"linkinfo":{"info_kind":"veth"}}]"#
            ]
        ]
    }

    @Test func aDeviceThatIsDownIsNamed() {
        #expect(culprit(answer("device-down", device(#""BROADCAST""#)))?.name == "eth0 (down)")
        #expect(culprit(answer("no-carrier", device(#""BROADCAST""#))) == nil)
        #expect(culprit(answer("device-down", device(#""UP","LOWER_UP""#))) == nil)
    }

    @Test func aTunDeviceWithoutItsProgramIsDown() {
        let tun = device(Self.lost, #","linkinfo":{"info_kind":"tun"}"#)
        #expect(culprit(answer("device-down", tun))?.name == "eth0 (no program has opened it)")
        #expect(culprit(answer("no-carrier", tun)) == nil)
    }

    @Test func aLostCarrierIsSeenBeforeTheLinkWatchHasSeenIt() {
        #expect(culprit(answer("no-carrier", device(#""UP""#)))?.name == "eth0 (no carrier)")
    }

    @Test func theOtherEndThatIsDownIsNamed() throws {
        let found = try #require(
            culprit(answer("no-carrier", device(Self.lost, Self.veth), others: Self.peer(""))))
        #expect(found.name == "eth0 (no carrier)")
        #expect(found.details == ["its other end, ceth0, is down"])
        #expect(found.values["peer"] == "ceth0")
        #expect(culprit(answer("no-carrier", device(Self.lost, Self.veth)))?.details == [])
    }

    @Test func withoutTheKernelsWordOnlyOneOfTheTwoCausesHasACulprit() {
        #expect(culprit(answer("device-down", device(Self.lost))) == nil)
        #expect(culprit(answer("device-down", device(Self.lost), reason: "DEV_READY"))?.name == "eth0 (no carrier)")
        #expect(culprit(answer("device-down", device(Self.lost), reason: "QDISC_DROP")) == nil)
    }

    @Test func theSmallerLimitIsToBlameForTheSize() throws {
        func commands(_ mtu: Int, _ route: String) -> [String: String] {
            device(#""UP""#, #","mtu":\#(mtu)"#, name: "eth1").merging(["ip -j route get 10.0.0.2": route]) { $1 }
        }
        let plain = #"[{"dst":"10.0.0.2","dev":"eth1"}]"#
        #expect(culprit(answer("mtu-exceeded", commands(20, plain)))?.name == "eth1 mtu 20")
        #expect(culprit(answer("mtu-exceeded", commands(1500, plain))) == nil)
        let limited = #"[{"dst":"10.0.0.2","dev":"eth1","metrics":[{"mtu":24}]}]"#
        #expect(culprit(answer("mtu-exceeded", commands(1500, limited)))?.name == "route to 10.0.0.2 mtu 24")
    }

    @Test func theOtherEndsSizeIsToBlame() throws {
        func answer(_ length: UInt32, mtu: Int = 1000, of index: Int = 2) -> CulpritAnswer {
            self.answer(
                "mtu-exceeded", device(#""UP""#, Self.veth), at: "__dev_forward_skb2", length: length,
                others: Self.peer(#""UP""#, mtu: mtu, of: index))
        }
        let found = try #require(culprit(answer(1019)))
        #expect(found.name == "ceth0 mtu 1000")
        #expect(found.values["mtu"] == "1005")
        #expect(culprit(answer(1018)) == nil)
        // The index belongs to another device by now.
        #expect(culprit(answer(1019, of: 8)) == nil)
    }

    @Test func theBridgePortsSizeIsToBlame() {
        let port = device(#""UP""#, #","mtu":1000,"master":"br0""#)
        let place = "br_dev_queue_push_xmit"
        #expect(culprit(answer("mtu-exceeded", port, at: place, length: 1242))?.name == "eth0 mtu 1000")
        #expect(culprit(answer("mtu-exceeded", port, at: place, length: 1014)) == nil)
    }
}
