import CodeInterpreter
import DLanguage
import FoundationEssentials
import KernelTypes
import Testing

/// The providers ip and tcp on kernels without kprobes: packets in modelled memory, with the structs of each kernel.
@Suite struct PacketTests {
    static let versions = ["5.10", "6.1", "6.12", "6.18", "7.2"]

    private func types(_ version: String) throws -> TypeTable {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Fixtures/structs/\(version).btf")
        return try TypeTable([UInt8](Data(contentsOf: path)))
    }

    private static let skb: UInt64 = 0x1000_0000
    private static let data: UInt64 = 0x2000_0000
    private static let device: UInt64 = 0x3000_0000
    private static let ethernetSize = 14

    /// Fires a probe for a packet after its Ethernet header, and returns what it prints.
    private func fired(
        _ program: String, _ probe: String, _ version: String, _ packet: [UInt8], etherType: UInt16 = 0x0800,
        members: [String: UInt64] = [:]
    ) throws -> String {
        let table = try types(version)
        var trial = try Trial(program, types: TypeStore(kernel: table))
        let (pull, bytes) = (16, [UInt8](repeating: 0, count: 16 + Self.ethernetSize) + packet)
        var values: [String: UInt64] = [
            "head": Self.data, "data": Self.data + UInt64(pull), "len": UInt64(Self.ethernetSize + packet.count),
            "network_header": UInt64(pull + Self.ethernetSize), "protocol": UInt64(etherType.bigEndian),
            "dev": Self.device, "skb_iif": 0,
        ]
        values.merge(members) { $1 }
        trial.kernel.memory.add(try image("sk_buff", values, table), at: Self.skb, .kernel)
        trial.kernel.memory.add(bytes, at: Self.data, .kernel)
        var device = try image("net_device", ["flags": 8], table)
        let type = try #require(table.find(.structure, "net_device"))
        let name = try table.member("name", of: type).bitOffset / 8
        device.replaceSubrange(name..<name + 5, with: Array("eth0\0".utf8))
        trial.kernel.memory.add(device, at: Self.device, .kernel)
        let output = try trial.fire(probe, [Self.skb, Self.device])
        #expect(trial.errors().isEmpty)
        return output
    }

    /// The bytes of a struct whose other members are 0.
    private func image(_ name: String, _ values: [String: UInt64], _ table: TypeTable) throws -> [UInt8] {
        let type = try #require(table.find(.structure, name))
        var bytes = [UInt8](repeating: 0, count: try #require(table.size(of: type)))
        for (member, value) in values {
            let member = try table.member(member, of: type)
            let size = try #require(table.size(of: member.type))
            for index in 0..<size {
                bytes[member.bitOffset / 8 + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
            }
        }
        return bytes
    }

    /// TOS 0x10, DF, TTL 64, from 10.1.0.2 to 10.2.0.2.
    private static func ipv4(_ transport: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length = UInt16(20 + payload.count)
        return [
            0x45, 0x10, UInt8(length >> 8), UInt8(length & 0xff), 0x12, 0x34, 0x40, 0, 64, transport, 0x14, 0x87, 10, 1,
            0, 2, 10, 2,
            0, 2,
        ] + payload
    }

    private static let fields = """
        printf("%d %d %s %s %s %d ", args[2]->ip_ver, args[2]->ip_plength, args[2]->ip_saddr, args[2]->ip_daddr,
            args[3]->if_name, args[3]->if_local);
        printf("%d %d %d %d %d %d %d %d %d %s ", args[4]->ipv4_ver, args[4]->ipv4_ihl, args[4]->ipv4_tos,
            args[4]->ipv4_length, args[4]->ipv4_ident, args[4]->ipv4_flags, args[4]->ipv4_offset, args[4]->ipv4_ttl,
            args[4]->ipv4_protocol, args[4]->ipv4_protostr);
        printf("%x %x %d %d %d", args[4]->ipv4_checksum, args[4]->ipv4_src, args[5]->ipv6_ver, args[5]->ipv6_hlim,
            args[0]->pkt_addr)
        """

    @Test(arguments: versions)
    func fieldsOfIPv4(version: String) throws {
        let packet = Self.ipv4(17, [0, 7, 0, 77, 0, 8, 0, 0])
        #expect(
            try fired("ip:::receive{\(Self.fields)}", "receive", version, packet)
                == "4 8 10.1.0.2 10.2.0.2 eth0 1 4 5 16 28 4660 4 0 64 17 UDP 1487 a010002 0 0 0")
    }

    @Test(arguments: versions)
    func fieldsOfIPv6(version: String) throws {
        let addresses: [UInt8] =
            [0xfd, 1] + [UInt8](repeating: 0, count: 13) + [1, 0xfd, 2]
            + [UInt8](repeating: 0, count: 13) + [2]
        // Hop-by-hop options of 8 bytes, then an echo request.
        let packet: [UInt8] =
            [0x62, 0x0b, 0xee, 0xef, 0, 24, 0, 63] + addresses
            + [58, 0, 1, 4, 0, 0, 0, 0, 128, 0] + [UInt8](repeating: 0, count: 14)
        let fields = """
            printf("%d %d %s %s %d %d %d %d %s %d %d", args[2]->ip_ver, args[2]->ip_plength, args[2]->ip_saddr,
                args[5]->ipv6_daddr, args[5]->ipv6_tclass, args[5]->ipv6_flow, args[5]->ipv6_plen,
                args[5]->ipv6_nexthdr, args[5]->ipv6_nextstr, args[5]->ipv6_hlim, args[4]->ipv4_ver)
            """
        #expect(
            try fired("ip:::send{\(fields)}", "send", version, packet, etherType: 0x86dd)
                == "6 16 fd01::1 fd02::2 32 782063 24 0 IP 63 0")
    }

    @Test(arguments: versions)
    func segments(version: String) throws {
        let header: [UInt8] = [0, 22, 0x1f, 0x90, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 1, 0, 0, 0, 0, 0]
        let packet = Self.ipv4(6, header + [1, 2, 3])
        let program = """
            tcp:::send{this->length = args[2]->ip_plength - args[4]->tcp_offset;
                printf("%d>%d %d ", args[4]->tcp_sport, args[4]->tcp_dport, this->length)}
            tcp:::send{printf("%s", args[4]->tcp_flags & TH_SYN ? "SYN|" : "");
                printf("%s", args[4]->tcp_flags & TH_PUSH ? "PUSH|" : ""); printf("%x", args[4]->tcp_flags)}
            """
        #expect(try fired(program, "send", version, packet) == "22>8080 3 PUSH|18")
        // Forwarded packets were received before; later fragments have no ports.
        #expect(try fired(program, "send", version, packet, members: ["skb_iif": 2]) == "")
        var fragment = packet
        fragment[7] = 8
        #expect(try fired(program, "send", version, fragment) == "")
        #expect(try fired(program, "send", version, Self.ipv4(17, header)) == "")
    }

    @Test(arguments: versions)
    func predicatesAndKeys(version: String) throws {
        let packet = Self.ipv4(17, [0, 7, 0, 77, 0, 8, 0, 0])
        let program =
            #"ip:::receive/args[2]->ip_daddr == "10.2.0.2"/{printf("yes")} ip:::receive/args[2]->ip_saddr == "10.2.0.2"/{printf("no")}"#
        #expect(try fired(program, "receive", version, packet) == "yes")
        let counts = #"ip:::receive{@a[args[2]->ip_saddr, args[3]->if_name] = count(); printa("%s %s %@d", @a)}"#
        #expect(try fired(counts, "receive", version, packet) == "10.1.0.2 eth0 1")
        // ARP is no packet of IP.
        #expect(try fired(counts, "receive", version, packet, etherType: 0x0806) == "")
    }
}
