import Culprits
import Diagnosis
import Testing

/// Frames that a device refuses.
@Suite struct FrameCulpritTests {
    private func answer(
        _ cause: String, _ evidence: Evidence = .frame(), _ commands: [String: String] = [:]
    ) -> CulpritAnswer {
        CulpritFinders().answer(to: evidence, cause: cause, in: FakeNamespace(commands: commands))
    }

    private static let eth0 =
        #"{"ifindex":2,"ifname":"eth0","flags":["UP"],"address":"02:00:00:00:00:02","promiscuity":1}"#
    private static let device = ["ip -d -j link show dev eth0": "[\(eth0)]"]

    @Test func theDeviceAndTheAddressThatWasMeantAreNamed() throws {
        let commands = Self.device.merging([
            "ip -d -j link show": #"[\#(Self.eth0),{"ifname":"mv","flags":[],"address":"02:00:00:00:00:77"}]"#
        ]) { $1 }
        let found = try #require(
            culprit(answer("not-for-this-host", .frame(to: [2, 0, 0, 0, 0, 0x77]), commands)))
        #expect(
            found.name == "eth0 has the MAC address 02:00:00:00:00:02, the frame is for 02:00:00:00:00:77")
        #expect(found.details.first == "that is the address of mv, here")
        #expect(found.details.contains { $0.contains("promiscuous") })
    }

    @Test func aFrameForTheDeviceItselfIsADoubt() {
        #expect(doubt(answer("not-for-this-host", .frame(), Self.device))?.contains("VLAN tag") == true)
        #expect(doubt(answer("not-for-this-host", .datagram(), Self.device)) != nil)
        #expect(culprit(answer("not-for-this-host", .frame(to: [1, 0, 0x5e, 0, 0, 1]), Self.device)) == nil)
    }

    private func vlan(_ evidence: Evidence, _ devices: String = "[]") -> CulpritAnswer {
        answer("vlan-unknown", evidence, Self.device.merging(["ip -d -j link show type vlan": devices]) { $1 })
    }

    private func device(_ name: String, _ vlan: Int, up: Bool = true, on link: String = "eth0") -> String {
        #"{"ifname":"\#(name)","link":"\#(link)","flags":[\#(up ? #""UP""# : "")],"linkinfo":{"info_kind":"vlan","info_data":{"protocol":"802.1Q","id":\#(vlan)}}}"#
    }

    @Test func theVLANThatNoDeviceTakesIsNamed() throws {
        let found = try #require(culprit(vlan(.frame(vlans: [77]))))
        #expect(found.name == "VLAN 77 on eth0: no device takes it")
        #expect(found.values == ["dev": "eth0", "vlan": "77"])
        let others = "[\(device("lan", 5)),\(device("other", 77, on: "eth1"))]"
        #expect(culprit(vlan(.frame(vlans: [77]), others))?.details == ["lan has VLAN 5"])
        // The output of ip(8) on a kernel without VLANs.
        #expect(culprit(vlan(.frame(vlans: [77]), "[{},{}]"))?.details == ["eth0 has no VLAN devices"])
    }

    @Test func aVLANDeviceThatIsDownIsNamed() {
        #expect(culprit(vlan(.frame(vlans: [77]), "[\(device("lan", 77, up: false))]"))?.name == "lan (down)")
        #expect(culprit(vlan(.frame(vlans: [77]), "[\(device("lan", 77))]")) == nil)
    }

    @Test func withoutATagOrWithAnothersAddressNoVLANIsAccused() {
        #expect(doubt(vlan(.frame())) != nil)
        #expect(doubt(vlan(.frame(vlans: [0]))) != nil)
        #expect(culprit(vlan(.frame(to: [2, 0, 0, 0, 0, 9], vlans: [77]))) == nil)
    }

    private func macvlan(_ settings: String, flags: String = #""UP""#) -> CulpritAnswer {
        let link =
            #"[{"ifname":"mv","link":"eth0","flags":[\#(flags)],"address":"02:00:00:00:00:02","linkinfo":{"info_kind":"macvlan","info_data":{\#(settings)}}}]"#
        return answer("macvlan-filter", .frame(), ["ip -d -j link show type macvlan": link])
    }

    @Test func aMacvlanThatDoesNotListTheSenderIsNamed() {
        #expect(
            culprit(macvlan(#""mode":"source","macaddr_data":["02:00:00:00:00:55"]"#))?.name
                == "mv (macvlan on eth0), mode source, does not list the sender 02:00:00:00:00:01")
        #expect(culprit(macvlan(#""mode":"source","macaddr_data":["02:00:00:00:00:01"]"#)) == nil)
        #expect(culprit(macvlan(#""mode":"bridge""#)) == nil)
        #expect(culprit(macvlan(#""mode":"bridge""#, flags: ""))?.name == "mv (macvlan on eth0) is down")
    }

    private func unhandled(_ type: UInt16, _ handlers: String, at function: String = "__netif_receive_skb_core")
        -> CulpritAnswer
    {
        answer(
            "unhandled-protocol", .frame(at: function, etherType: type),
            ["cat /proc/net/ptype": "Type Device      Function\n" + handlers])
    }

    @Test func anEtherTypeWithoutAHandlerIsNamed() throws {
        let found = try #require(culprit(unhandled(0x8847, "0800          ip_rcv\n8847 eth7     other_rcv\n")))
        #expect(found.name == "EtherType 0x8847 on eth0")
        #expect(found.details.last == "mpls_router would take it")
        #expect(culprit(unhandled(0x00f6, ""))?.name == "EtherType 0x00f6 on eth0")
    }

    @Test func anEtherTypeThatIsHandledIsNotAccused() {
        #expect(doubt(unhandled(0x0800, "0800          ip_rcv\n"))?.contains("ip_rcv") == true)
        #expect(unhandled(0x0800, "", at: "icmp_rcv") == .none)
    }

    @Test func theBackupPortOfABondIsNamed() {
        func port(_ state: String, kind: String = "bond") -> CulpritAnswer {
            answer(
                "port-inactive", .frame(),
                [
                    "ip -d -j link show dev eth0":
                        #"[{"ifname":"eth0","flags":["UP"],"master":"bond0","linkinfo":{"info_slave_kind":"\#(kind)","info_slave_data":{"state":"\#(state)"}}}]"#
                ])
        }
        #expect(culprit(port("BACKUP"))?.name == "eth0 master bond0: backup port")
        #expect(culprit(port("ACTIVE")) == nil)
        #expect(culprit(port("BACKUP", kind: "bridge")) == nil)
    }

    @Test func impossibleAddressesSpeakForThemselves() {
        let pause = Evidence.frame(to: [1, 0x80, 0xc2, 0, 0, 1])
        #expect(culprit(answer("pause-frame", pause))?.name == "destination MAC address 01:80:c2:00:00:01 on eth0")
        #expect(culprit(answer("pause-frame")) == nil)
        #expect(culprit(answer("mac-refused")) == nil)
    }
}
