import Culprits
import Diagnosis
import Protocols
import Testing

/// A bridge br0 with the ports eth0, where the frame for 02:…:02 comes in, and eth1.
@Suite struct BridgeCulpritTests {
    private static let entry = #"{"mac":"02:00:00:00:00:02","ifname":"eth1","flags":[],"master":"br0","state":""}"#
    /// An entry of the device's own filter, not of the bridge.
    private static let filter = #"{"mac":"02:00:00:00:00:02","ifname":"eth0","flags":["self"],"state":"permanent"}"#
    private static let forwards = #""state":"forwarding","hairpin":false,"flood":true,"isolated":false,"locked":false"#
    private static let isolated = #""state":"forwarding","flood":true,"isolated":true"#

    private static func bridge(
        _ first: String = forwards, _ second: String? = forwards, fdb: [String] = [entry, filter],
        vlans: String? = nil
    ) -> FakeNamespace {
        var ports = [#"{"ifname":"eth0","master":"br0",\#(first)}"#]
        if let second { ports.append(#"{"ifname":"eth1","master":"br0",\#(second)}"#) }
        ports.append(#"{"ifname":"eth7","master":"br9","state":"forwarding"}"#)
        return FakeNamespace(commands: [
            "bridge -d -j link show": "[\(ports.joined(separator: ","))]",
            "bridge -j fdb show br br0": "[\(fdb.joined(separator: ","))]",
            "bridge -j vlan show": vlans ?? "[]",
            "ip -d -j link show dev br0":
                #"[{"ifname":"br0","flags":["UP"],"linkinfo":{"info_kind":"bridge","info_data":{"vlan_filtering":\#(vlans == nil ? 0 : 1)}}}]"#,
        ])
    }

    private static let slugs = [
        "bridge-stp", "bridge-locked", "bridge-vlan-filter", "bridge-isolated", "bridge-no-target",
    ]

    /// The answers of all causes about bridges for one frame: at most one cause may have a culprit.
    private func found(_ namespace: FakeNamespace, _ evidence: Evidence = .frame()) -> (String, Culprit)? {
        let all = Self.slugs.compactMap { slug in
            culprit(CulpritFinders().answer(to: evidence, cause: slug, in: namespace)).map { (slug, $0) }
        }
        #expect(all.count <= 1)
        return all.first
    }

    @Test(arguments: [
        (bridge(#""state":"blocking""#), "bridge-stp", "eth0 master br0: state blocking"),
        (bridge(forwards, #""state":"listening""#), "bridge-stp", "eth1 master br0: state listening"),
        (bridge(#""state":"learning""#), "bridge-stp", "eth0 master br0: state learning"),
        (bridge(isolated, isolated), "bridge-isolated", "eth1 master br0: isolated on"),
        (bridge(isolated, isolated, fdb: []), "bridge-isolated", "eth1 master br0: isolated on"),
        (bridge(#""state":"forwarding","locked":true"#), "bridge-locked", "eth0 master br0: locked on"),
        (
            bridge(forwards, #""state":"forwarding","flood":false"#, fdb: [filter]), "bridge-no-target",
            "eth1 master br0: flood off"
        ),
        (bridge(forwards, nil, fdb: []), "bridge-no-target", "br0: it has no other port"),
        (
            bridge(fdb: [#"{"mac":"02:00:00:00:00:02","ifname":"eth0","master":"br0","state":"static"}"#]),
            "bridge-no-target", "02:00:00:00:00:02 dev eth0 master br0 static"
        ),
    ])
    func theSettingIsNamed(namespace: FakeNamespace, cause: String, name: String) throws {
        let (slug, culprit) = try #require(found(namespace))
        #expect(slug == cause)
        #expect(culprit.name == name)
        #expect(culprit.values["bridge"] == "br0")
    }

    /// The ports of a bridge that is down are disabled; a port can also be disabled alone.
    @Test func aBridgeThatIsDownIsNamedInsteadOfItsPort() throws {
        var namespace = Self.bridge(#""state":"disabled""#)
        #expect(try #require(found(namespace)).1.name == "eth0 master br0: state disabled")
        namespace.commands["ip -d -j link show dev br0"] =
            #"[{"ifname":"br0","flags":[],"linkinfo":{"info_kind":"bridge","info_data":{"vlan_filtering":0}}}]"#
        let (slug, culprit) = try #require(found(namespace))
        #expect(slug == "bridge-stp" && culprit.name == "br0 (down)")
        #expect(culprit.remedies.first?.command == "ip link set dev {bridge} up")
    }

    @Test func whatMayPassAccusesNobody() {
        #expect(found(Self.bridge()) == nil)
        #expect(found(Self.bridge(fdb: [])) == nil)
        #expect(found(Self.bridge(Self.isolated)) == nil)
        // A port that may send a frame back to where it came from.
        let back = #"{"mac":"02:00:00:00:00:02","ifname":"eth0","master":"br0","state":"static"}"#
        #expect(found(Self.bridge(#""state":"forwarding","hairpin":true"#, fdb: [back])) == nil)
        // An address of the bridge itself.
        let own = #"{"mac":"02:00:00:00:00:02","ifname":"eth1","master":"br0","state":"permanent"}"#
        #expect(found(Self.bridge(Self.isolated, Self.isolated, fdb: [own])) == nil)
    }

    @Test func aStationThatIsAuthorisedPassesALockedPort() {
        let locked = #""state":"forwarding","locked":true"#
        func source(_ rest: String) -> String { #"{"mac":"02:00:00:00:00:01","master":"br0",\#(rest)}"# }
        #expect(found(Self.bridge(locked, fdb: [source(#""ifname":"eth0","state":"static""#), Self.entry])) == nil)
        let elsewhere = Self.bridge(locked, fdb: [source(#""ifname":"eth1","state":"""#), Self.entry])
        #expect(found(elsewhere)?.0 == "bridge-locked")
        let waiting = Self.bridge(locked, fdb: [source(#""ifname":"eth0","flags":["locked"],"state":"""#), Self.entry])
        #expect(found(waiting)?.0 == "bridge-locked")
    }

    @Test func severalPortsThatDoNotFloodAreListed() throws {
        var namespace = Self.bridge(fdb: [])
        namespace.commands["bridge -d -j link show"] = """
            [{"ifname":"eth0","master":"br0","state":"forwarding"},
             {"ifname":"eth1","master":"br0","state":"forwarding","flood":false},
             {"ifname":"eth2","master":"br0","state":"disabled"}]
            """
        let (slug, culprit) = try #require(found(namespace))
        #expect(slug == "bridge-no-target")
        #expect(culprit.name == "br0: none of its ports takes it: eth1 has flood off; eth2 has state disabled")
    }

    @Test func vlansDecideOnBothSides() throws {
        let vlans = """
            [{"ifname":"eth0","vlans":[{"vlan":1,"flags":["PVID","Egress Untagged"]},{"vlan":10,"vlanEnd":20}]},
             {"ifname":"eth1","vlans":[{"vlan":15},{"vlan":30}]}]
            """
        let entry = #"{"mac":"02:00:00:00:00:02","ifname":"eth1","vlan":15,"master":"br0","state":""}"#
        let namespace = Self.bridge(fdb: [entry], vlans: vlans)
        #expect(found(namespace, .frame(vlans: [15])) == nil)
        let untagged = try #require(found(namespace))
        #expect(untagged.0 == "bridge-vlan-filter")
        #expect(untagged.1.name == "eth1 master br0: not in VLAN 1")
        let strange = try #require(found(namespace, .frame(vlans: [30])))
        #expect(strange.1.name == "eth0 master br0: not in VLAN 30")
        #expect(strange.1.values["vlan"] == "30")
        #expect(found(namespace, .frame(vlans: [20]))?.1.name == "eth1 master br0: not in VLAN 20")
    }

    @Test func aPortWithoutAVLANForUntaggedFramesIsNamed() {
        let vlans = #"[{"ifname":"eth0","vlans":[{"vlan":10}]},{"ifname":"eth1","vlans":[{"vlan":1}]}]"#
        #expect(found(Self.bridge(vlans: vlans))?.1.name == "eth0 master br0: no VLAN for untagged frames (PVID)")
    }

    /// A packet to 239.1.2.3, on a bridge that snoops or not.
    private func group(_ snooping: Int, _ members: String) -> CulpritAnswer {
        var evidence = Evidence.frame(to: [1, 0, 0x5e, 1, 2, 3])
        evidence.packet =
            Evidence.datagram().with(
                [0x45, 0, 0, 28, 0, 9, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 239, 1, 2, 3] + [UInt8](repeating: 0, count: 8)
            ).packet
        evidence.packet?.ethernet = Evidence.frame(to: [1, 0, 0x5e, 1, 2, 3]).packet?.ethernet
        var namespace = Self.bridge()
        namespace.commands["ip -d -j link show dev br0"] =
            #"[{"ifname":"br0","flags":[],"linkinfo":{"info_data":{"mcast_snooping":\#(snooping)}}}]"#
        namespace.commands["bridge -j mdb show dev br0"] = #"[{"mdb":[\#(members)],"router":{}}]"#
        return CulpritFinders().answer(to: evidence, cause: "bridge-no-target", in: namespace)
    }

    @Test func snoopingIsToBlameForGroupsThatNobodyHasJoined() throws {
        let other = #"{"port":"eth1","grp":"239.9.9.9"}"#
        let sender = #"{"port":"eth0","grp":"239.1.2.3"}"#
        let found = try #require(culprit(group(1, other + "," + sender)))
        #expect(found.name == "multicast snooping of br0: no other port has joined 239.1.2.3")
        #expect(culprit(group(0, other)) == nil)
        #expect(culprit(group(1, #"{"port":"eth1","grp":"239.1.2.3"}"#)) == nil)
    }

    @Test func groupsAreLeftOpenAndStrangersToo() {
        let group = Evidence.frame(to: [1, 0, 0x5e, 0, 0, 5])
        #expect(found(Self.bridge(Self.isolated, Self.isolated), group) == nil)
        #expect(found(Self.bridge(#""state":"blocking""#), group)?.0 == "bridge-stp")
        #expect(found(Self.bridge(Self.forwards, #""state":"blocking""#), group) == nil)
        #expect(found(Self.bridge(), .frame(on: "eth5")) == nil)
        #expect(found(Self.bridge(Self.isolated, Self.isolated), .datagram()) == nil)
    }

    @Test func framesOfTheBridgeItselfHaveNoPortToComeInBy() {
        let blocked = Self.bridge(Self.isolated, #""state":"blocking""#)
        #expect(found(blocked, .frame(on: "br0"))?.1.name == "eth1 master br0: state blocking")
        #expect(found(Self.bridge(Self.isolated, Self.isolated), .frame(on: "br0")) == nil)
    }
}
