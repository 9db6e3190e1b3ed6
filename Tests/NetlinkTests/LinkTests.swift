import Testing

@testable import Netlink
import Protocols

/// Devices, neighbours and addresses as Linux 6.12 has answered.
@Suite struct LinkTests {
    private func links() throws -> [String: Link] {
        Dictionary(try Recording.answer("links", to: Links()).map { ($0.name, $0) }) { $1 }
    }

    private func mac(_ last: UInt8) -> [UInt8] { [2, 0, 0, 0, 0, last] }

    @Test func eachDeviceIsListed() throws {
        let links = try links()
        #expect(
            Set(links.keys).isSuperset(of: ["lo", "left", "right", "br0", "p1", "v77", "vx", "gr", "gn", "mv", "bo"]))
        #expect(links["lo"]?.index == 1 && links["lo"]?.kind == nil)
        let left = try #require(links["left"])
        #expect(left.kind == "veth" && left.lower == links["right"]?.index && left.lowerNamespace == nil)
        #expect(left.flags & Link.Flags.up != 0 && left.flags & Link.Flags.lowerUp != 0)
        #expect(left.queueLength == 1000 && left.address.count == 6)
    }

    @Test func theKindsHaveTheirSettings() throws {
        let links = try links()
        let (local, remote) = (IPAddress([10, 9, 1, 2]), IPAddress([10, 9, 1, 9]))
        #expect(links["v77"]?.settings.identifier == 77 && links["v77"]?.lower == links["left"]?.index)
        let vxlan = try #require(links["vx"]?.settings)
        #expect(vxlan.identifier == 42 && vxlan.port == 4789 && !vxlan.isExternal)
        #expect(vxlan.local == local && vxlan.remote == remote)
        let gre = try #require(links["gr"]?.settings)
        #expect(gre.inputKey == 7 && gre.expectsChecksum && gre.expectsSequence)
        #expect(gre.local == local && gre.remote == remote)
        #expect(links["gn"]?.settings.identifier == 43 && links["gn"]?.settings.remote == remote)
        let macvlan = try #require(links["mv"]?.settings)
        #expect(macvlan.macvlanMode == .source && macvlan.senders == [mac(0x55)])
        #expect(links["br0"]?.settings.filtersVLANs == true && links["br0"]?.settings.snoopsMulticast == true)
        // A module makes these by itself.
        #expect(links["gretap0"].map { $0.settings.local == nil && $0.settings.inputKey == nil } ?? true)
    }

    @Test func portsHaveTheSettingsOfTheirMaster() throws {
        let links = try links()
        let second = try #require(links["p2"]?.bridgePort)
        #expect(links["p2"]?.portKind == "bridge" && links["p2"]?.master == links["br0"]?.index)
        #expect(second.isolated == true && second.flood == false && second.hairpin == false && second.locked == false)
        #expect(links["p1"]?.bridgePort?.isolated == false && links["p1"]?.bridgePort?.state == .forwarding)
        let backups = try ["d1", "d2"].map { name in try #require((links[name]?.isBackup) as Bool?) }
        #expect(backups.filter(\.self).count == 1)
        #expect(
            links["d3"]?.portKind == "vrf" && links["d3"]?.master == links["red"]?.index && links["red"]?.kind == "vrf")
    }

    @Test func neighboursHaveStates() throws {
        let left = try #require(try links()["left"])
        let neighbours = try Recording.answer("neighbours", to: Neighbours(on: left.index))
        let states = Dictionary(neighbours.compactMap { entry in entry.address.map { ($0, entry.states) } }) { $1 }
        #expect(states[try #require(IPAddress([10, 9, 1, 1]))] == [.reachable])
        #expect(states[try #require(IPAddress([10, 9, 1, 3]))] == [.failed])
        #expect(neighbours.contains { $0.address?.isIPv6 == true && $0.states == [.permanent] })
        #expect(neighbours.contains { $0.linkAddress == mac(1) })
        // Kernels without the filter list other devices as well.
        #expect(try Recording.answer("neighbours", to: Neighbours(on: left.index + 100)).isEmpty)
    }

    @Test func aBridgeHasADatabase() throws {
        let links = try links()
        let bridge = try #require(links["br0"]?.index)
        let entries = try Recording.answer("fdb", to: ForwardingEntries(ofBridge: bridge))
        let entry = try #require(entries.first { $0.linkAddress == mac(0x77) })
        #expect(entry.device == links["p1"]?.index && entry.vlan == 10 && entry.states == [.noarp])
        #expect(entries.contains { $0.states == [.permanent] && $0.linkAddress == links["p1"]?.address })
        #expect(entries.allSatisfy { $0.master == bridge })
        let vxlan = try #require(links["vx"]?.index)
        let remotes = try Recording.answer("fdb-vxlan", to: ForwardingEntries(ofDevice: vxlan))
        #expect(remotes.compactMap(\.address).contains(try #require(IPAddress([10, 9, 1, 10]))))
        #expect(remotes.allSatisfy { $0.linkAddress == [UInt8](repeating: 0, count: 6) })
    }

    @Test func vlansAreRanges() throws {
        let links = try links()
        let port = try #require(
            try Recording.answer("vlans", to: VLANMemberships()).first { $0.device == links["p1"]?.index })
        #expect(port.ranges.map(\.vlans) == [1...1, 10...20, 30...30])
        #expect(port.ranges.map(\.isForUntagged) == [false, false, true])
    }

    @Test func aGroupHasPorts() throws {
        let links = try links()
        let bridge = try #require(links["br0"]?.index)
        let groups = try Recording.answer("groups", to: MulticastGroups(of: bridge)).flatMap(\.self)
        let group = try #require(IPAddress([239, 1, 2, 3]))
        #expect(groups.contains(MulticastGroups.Entry(port: try #require(links["p1"]?.index), group: group)))
        #expect(try Recording.answer("groups", to: MulticastGroups(of: bridge + 1)).isEmpty)
    }

    @Test func addressesHaveScopesAndFlags() throws {
        let links = try links()
        let addresses = try Recording.answer("addresses", to: InterfaceAddresses(isIPv6: false))
        let host = try #require(addresses.first { $0.local.address == IPAddress([10, 9, 7, 1]) })
        #expect(host.scope == 254 && host.local.length == 32 && host.device == 1)
        let left = try #require(addresses.first { $0.local.address == IPAddress([10, 9, 1, 2]) })
        #expect(left.local.length == 24 && left.scope == 0 && left.device == links["left"]?.index)
        let six = try Recording.answer("addresses6", to: InterfaceAddresses(isIPv6: true))
        let tentative = six.filter { $0.flags & InterfaceAddress.Flags.tentative != 0 && $0.scope == 0 }
        #expect(tentative.map(\.device) == [links["right"]?.index])
        #expect(tentative.allSatisfy { $0.flags & InterfaceAddress.Flags.dadFailed == 0 })
    }

    /// A device may have a program in its driver and another in the generic code (IFLA_XDP).
    @Test func programsOfXDPAreListed() {
        func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.append(number: UInt16(4 + value.count))
            bytes.append(number: type)
            bytes += value
            bytes.alignToFour()
            return bytes
        }
        func all(_ bytes: [UInt8]) -> [XDPAttachment] { XDPAttachment.all(NetlinkAttributes(bytes[...])) }
        #expect(all(attribute(2, [0])).isEmpty)
        #expect(all(attribute(2, [2]) + attribute(4, [9, 0, 0, 0])) == [XDPAttachment(mode: 2, program: 9)])
        let several = attribute(2, [4]) + attribute(5, [7, 0, 0, 0]) + attribute(6, [8, 1, 0, 0])
        #expect(all(several) == [XDPAttachment(mode: 1, program: 7), XDPAttachment(mode: 2, program: 264)])
    }
}
