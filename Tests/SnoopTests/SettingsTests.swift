import CaptureFiles
import FilterLanguage
import PacketAgreement
import Protocols
import Testing
import Text

@testable import Snoop

@Suite struct SettingsTests {
    @Test func resourceFile() throws {
        let file = ResourceFile(
            """
            # macros

            define ip.udst ip.dst == $1 && udp.dport == $2
            define web tcp.port 80
            option -x -n ether
            set ip.nohostname tcp.noportname
            set arpip.noetherupdate
            nonsense here
            define x
            define nosuch.x 1
            """)
        #expect(file.arguments == ["-x", "-n", "ether"])
        #expect(!file.protocols.has("hostname", of: "ip") && file.protocols.has("hostname", of: "ip6"))
        #expect(
            file.warnings == [
                "line 7: 'arpip.noetherupdate' is no option of arpip: it has none",
                "line 8: 'nonsense' is neither define, option nor set",
                "line 9: a definition has a name and a filter: define ip.name src == $1",
                "line 10: 'nosuch' is no protocol",
            ])
        var macros = file.macros
        let filter = try Filter("ip.udst 10.0.0.2 53 or web", macros: &macros)
        let same = try Filter("(ip.dst == 10.0.0.2 && ip.udp.dport == 53) || (tcp.sport == 80 || tcp.dport == 80)")
        let datagram = PacketCorpus.all.first { $0.file == "vlan.txt" }!
        for expression in [filter.expression, same.expression] {
            var evaluator = FilterEvaluator(expression)
            let bytes = datagram.bytes.span.bytes
            let isMatch = evaluator.matches(PacketLayers(bytes, from: datagram.first), bytes)
            #expect(isMatch)
        }
    }

    @Test func databases() {
        let names = SystemNames(
            hosts: "10.0.0.1 jake jake.example # first\n::1 local\nfe80::1%eth0 link\nnonsense jake\n",
            services: "http 80/tcp www\ndomain 53/udp\nbad x/tcp\n", ethers: "2:0:0:0:0:1 gate\n",
            rpc: "nfs 100003 nfsprog\n")
        let filter = names.filterNames(ProtocolOptions())
        #expect(filter.hosts("JAKE.example") == [IPAddress("10.0.0.1")!])
        #expect(filter.hosts("link") == [IPAddress("fe80::1")!])
        #expect(filter.services("www", "tcp") == 80 && filter.services("www", "udp") == nil)
        #expect(filter.ethers("gate")?.bits == 0x0200_0000_0001)
        #expect(filter.programs("nfsprog") == 100003)
        #expect(names.host(IPAddress("10.0.0.1")!) == "jake")
        #expect(names.service(80, "tcp") == "http")
    }

    @Test(arguments: [
        ("ip.src", "    src             field   IPv4 address\n"),
        ("tcp.SYN,dns.qname", "    SYN             macro   0x02\n    qname           field   domain name\n"),
        ("rlogin", "rlogin: not supported\n"),
        ("ip.between", "    between $1 $2   macro   (src == $1 && dst == $2) || (src == $2 && dst == $1)\n"),
    ])
    func listings(_ list: String, _ expected: String) throws {
        var buffer = ByteBuffer()
        try ProtocolListing(macros: FilterMacros()).append(list, to: &buffer)
        #expect(buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } == expected)
    }

    /// docs/PROTOCOLS.md has the list of all protocols.
    @Test func documentIsCurrent() throws {
        let document = PacketCorpus.contents(of: PacketCorpus.directory + "../../../docs/PROTOCOLS.md")
        var buffer = ByteBuffer()
        try ProtocolListing(macros: FilterMacros()).append("all", to: &buffer)
        let list = buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let blocks = document.split(separator: "```\n")
        #expect(
            blocks.count > 1 && blocks[1] == list,
            "write the output of `nettrace netsnoop -L all` into docs/PROTOCOLS.md")
    }

    @Test func unknownNamesAreRefused() throws {
        var buffer = ByteBuffer()
        for name in ["nosuch", "ip.nosuch", "nosuch.src", "."] {
            #expect(throws: ProtocolListing.UnknownName.self) {
                try ProtocolListing(macros: FilterMacros()).append(name, to: &buffer)
            }
        }
        try ProtocolListing(macros: FilterMacros()).append("all", to: &buffer)
        let text = buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        for kind in ProtocolTable.all { #expect(text.contains("\(kind.name) (\(kind.title))\n")) }
    }
}

@Suite struct FormTests {
    private func text(_ body: (borrowing PacketView, RawSpan, borrowing PacketLayers, inout ByteBuffer) -> Void)
        -> String
    {
        let packet = PacketCorpus.all.filter { $0.file == "icmp.txt" }[1]
        let bytes = packet.bytes.span.bytes
        let view = PacketView(bytes, time: 1_500_000_001)
        var buffer = ByteBuffer()
        body(view, bytes, PacketLayers(bytes, from: .link(1)), &buffer)
        return buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test func columns() throws {
        var columns = try FieldColumns([
            "frame.number", "frame.time", "ip.src", "tcp.dport", "tcp.flags", "frame.protocols",
        ])
        let line = text { columns.append($0, bytes: PacketBytes($1), $2, number: 7, to: &$3) }
        #expect(line == "7\t1.500000001\t10.0.0.1,10.0.0.2\t443\t\tether:ip:icmp:ip:tcp\n")
        #expect(throws: FieldColumns.UnknownField.self) { _ = try FieldColumns(["tcp.dprt"]) }
    }

    @Test func objects() {
        var json = PacketJSON()
        let line = text { json.append($0, bytes: PacketBytes($1), $2, number: 7, to: &$3) }
        #expect(
            line.hasPrefix(
                "{\"number\":7,\"time\":1.500000001,\"length\":70,\"captured\":70,\"layers\":[{\"protocol\":\"ether\",")
        )
        #expect(line.hasSuffix("\"truncated\":true}],\"data\":0}\n"))
    }

    @Test func traffic() {
        var table = TrafficTable()
        let lines = text { view, bytes, layers, buffer in
            table.add(layers, bytes, length: view.wireLength)
            table.add(layers, bytes, length: view.wireLength)
            table.append(to: &buffer)
        }.split(separator: "\n")
        #expect(lines.contains("        2             140  icmp"))
        #expect(lines.last == "        2             140  icmp 10.0.0.1 <-> 10.0.0.2")
    }

    /// Packets that are written are read again with the same bytes, lengths and times.
    @Test(arguments: ["x.pcapng", "x.pcap", "x.snoop", "x"])
    func traces(_ name: String) throws {
        var writer = TraceWriter(name: name)
        var buffer = ByteBuffer()
        let packet = PacketCorpus.all.filter { $0.file == "tcp.txt" }[0]
        let bytes = packet.bytes.span.bytes
        let view = PacketView(bytes, wireLength: 1500, time: 1_500_000_000, interface: 1)
        try writer.append(view, bytes: bytes.extracting(first: 60), [], to: &buffer)
        writer.finish(to: &buffer)
        let file = buffer.withUnsafeBytes { Array($0) }
        var offset = 0
        var reader = try CaptureReader(name: name) { target in
            let count = min(target.count, file.count - offset)
            target.copyBytes(from: file[offset..<offset + count])
            offset += count
            return count
        }
        let hasPacket = try reader.next()
        let (count, length, time, link) = (
            reader.packet.bytes.byteCount, reader.packet.wireLength, reader.packet.time, reader.packet.linkType
        )
        #expect(hasPacket && count == 60 && length == 1500 && time == 1_500_000_000 && link == .ethernet)
        let hasMore = try reader.next()
        #expect(!hasMore)
    }
}
