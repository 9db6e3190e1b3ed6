import Culprits
import Diagnosis
import Testing

/// The general remedy of a cause may not help against the found culprit.
@Suite struct RemedyTests {
    private func remedy(
        _ cause: String, _ evidence: Evidence = .datagram(), _ commands: [String: String] = [:],
        _ sysctls: [String: String] = [:]
    ) throws -> (command: String?, values: [String: String]) {
        let found = try #require(
            culprit(
                CulpritFinders().answer(
                    to: evidence, cause: cause, in: FakeNamespace(commands: commands, sysctls: sysctls))))
        return (found.remedies.first?.command, found.values)
    }

    /// ip_forward changes nothing if it is on already.
    @Test func forwardingIsTurnedOnWhereItIsOff() throws {
        let device = try remedy(
            "forwarding-off", .datagram(), ["ip -j -4 address show": "[]"],
            ["net/ipv4/conf/eth0/forwarding": "0", "net/ipv4/ip_forward": "1"])
        #expect(device.values["sysctl"] == "net.ipv4.conf.eth0.forwarding" && device.command == "sysctl -w {sysctl}=1")
        // For IPv6, settings of single devices do not count.
        let all = try remedy(
            "forwarding-off", .datagramOverIPv6, ["ip -j -6 address show": "[]"],
            ["net/ipv6/conf/all/forwarding": "0", "net/ipv6/conf/eth0/forwarding": "1"])
        #expect(all.values["sysctl"] == "net.ipv6.conf.all.forwarding")
    }

    /// A packet to an address of this machine is not to be forwarded.
    @Test func anOwnAddressWithoutItsRouteGetsTheRoute() throws {
        let address =
            #"[{"ifname":"eth0","addr_info":[{"family":"inet","local":"10.0.0.2","prefixlen":24}]}]"#
        let off = ["net/ipv4/conf/eth0/forwarding": "0", "net/ipv4/ip_forward": "0"]
        func commands(_ routes: String) -> [String: String] {
            ["ip -j -4 address show": address, "ip -4 route show table all": routes]
        }
        let missing = try remedy("forwarding-off", .datagram(), commands("10.0.0.0/24 dev eth0 scope link\n"), off)
        #expect(missing.command == "ip {family} route add local {daddr} dev {dev} table local")
        #expect(missing.values["daddr"] == "10.0.0.2" && missing.values["dev"] == "eth0")
        let present = CulpritFinders().answer(
            to: .datagram(), cause: "forwarding-off",
            in: FakeNamespace(
                commands: commands("local 10.0.0.2 dev eth0 table local scope host\n"), sysctls: off))
        #expect(culprit(present) == nil && doubt(present)?.contains("VRF") == true)
    }

    @Test func theReversePathCheckIsTurnedOffWhereItIsOn() throws {
        let loose = try remedy("rp-filter", .datagram(), [:], ["net/ipv4/conf/all/rp_filter": "2"])
        #expect(loose.command == "sysctl -w net/ipv4/conf/all/rp_filter=0")
        let both = try remedy(
            "rp-filter", .datagram(), [:], ["net/ipv4/conf/all/rp_filter": "1", "net/ipv4/conf/eth0/rp_filter": "1"])
        #expect(both.command == "sysctl -w net/ipv4/conf/all/rp_filter=0 net/ipv4/conf/{dev}/rp_filter=0")
        let strict = try remedy(
            "rp-filter", .datagram(), ["ip -j route get 10.0.0.1": #"[{"dst":"10.0.0.1","dev":"eth1"}]"#],
            ["net/ipv4/conf/all/rp_filter": "1"])
        #expect(strict.command == "sysctl -w net/ipv4/conf/{dev}/rp_filter=2")
    }

    @Test func aPolicyRuleIsRemovedAsARule() throws {
        let commands = [
            "ip -4 route show table all": "",
            "ip -4 rule show": "0:\tfrom all lookup local\n100:\tfrom 10.0.0.1 iif eth0 [detached] prohibit\n",
        ]
        let found = try remedy("route-prohibit", .datagram(), commands)
        #expect(found.command == "ip {family} rule del {route}")
        #expect(found.values["route"] == "pref 100 from 10.0.0.1 iif eth0 prohibit")
    }

    /// ip(8) prints "error" and does not accept it.
    @Test func aRouteIsRemovedByWordsThatAreUnderstood() throws {
        let commands = [
            "ip -6 route show table all": "blackhole fd09::/16 dev lo metric 1024 error -22 pref medium\n",
            "ip -6 rule show": "32766:\tfrom all lookup main\n",
        ]
        let found = try remedy("route-blackhole", .datagramOverIPv6, commands)
        #expect(found.values["route"] == "blackhole fd09::/16 dev lo metric 1024")
    }

    @Test func theMTUThatIsAdvisedTakesThePacket() throws {
        var evidence = Evidence.datagram()
        evidence.length = 1400
        let commands = [
            "ip -j route get 10.0.0.2": #"[{"dst":"10.0.0.2","dev":"eth1"}]"#,
            "ip -d -j link show dev eth1": #"[{"ifname":"eth1","flags":["UP"],"mtu":1000}]"#,
        ]
        let found = try remedy("mtu-exceeded", evidence, commands)
        #expect(found.values["mtu"] == "1400")
        #expect(found.command == "ip link set dev {outdev} mtu {mtu}")
    }

    @Test func aVLANDeviceThatIsThereIsSetUpAndNotMade() throws {
        let evidence = Evidence.frame(vlans: [77])
        let commands = [
            "ip -d -j link show dev eth0": #"[{"ifname":"eth0","flags":["UP"],"address":"02:00:00:00:00:02"}]"#,
            "ip -d -j link show type vlan":
                #"[{"ifname":"eth0.77","link":"eth0","flags":[],"linkinfo":{"info_kind":"vlan","info_data":{"id":77}}}]"#,
        ]
        let found = try remedy("vlan-unknown", evidence, commands)
        #expect(found.command == "ip link set dev {dev} up" && found.values["dev"] == "eth0.77")
    }
}
