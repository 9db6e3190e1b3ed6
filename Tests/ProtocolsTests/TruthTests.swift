import Glibc
import PacketAgreement
import Testing

@testable import Protocols

/// The values of our fields against those of tshark, on all packets of the corpus.
///
/// Truth/fields.txt says which fields have the same values; Truth/differences.txt names the packets where they have not,
/// and why.
@Suite(.enabled(if: access("/usr/bin/tshark", X_OK) == 0, "needs tshark"))
struct TruthTests {
    private struct Pair {
        let ours: [String]
        let theirs: [String]
    }

    private static let folder = PacketCorpus.directory + "../Truth/"

    private static let pairs: [Pair] = lines(of: "fields.txt").map { line in
        let words = line.split(separator: " ")
        return Pair(
            ours: words[0].split(separator: "+").map(String.init),
            theirs: words[1].split(separator: "+").map(String.init))
    }

    /// A packet of the corpus, a field, and the reason.
    private static let differences = lines(of: "differences.txt").map { $0.split(separator: "|").map(\.trimmed) }

    private static func lines(of file: String) -> [String] {
        PacketCorpus.contents(of: folder + file).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    @Test func everyFieldExists() {
        #expect(Self.pairs.count > 350)
        for name in Self.pairs.flatMap(\.ours) { #expect(ProtocolTable.field(name) != nil, "\(name)") }
    }

    @Test func valuesAreThoseOfTshark() throws {
        var compared = 0
        var fields: Set<String> = []
        var packets = 0
        var used: Set<Int> = []
        // What tshark remembers of one protocol's conversations is not to decide on another's.
        let groups = Dictionary(grouping: PacketCorpus.all) { "\(Self.linkType($0)) \($0.file)" }
        for cases in groups.sorted(by: { $0.key < $1.key }).map(\.value) {
            let rows = try Self.tshark(cases, Self.linkType(cases[0]))
            try #require(rows.count == cases.count)
            for (packet, row) in zip(cases, rows) {
                packets += 1
                let values = Self.ourValues(packet)
                for (index, pair) in Self.pairs.enumerated() {
                    let ours = pair.ours.flatMap { values[$0] ?? [] }
                    let theirs = row[index]
                    guard !ours.isEmpty || !theirs.isEmpty else { continue }
                    if ours == theirs {
                        compared += 1
                        fields.formUnion(pair.ours.filter { values[$0] != nil })
                        continue
                    }
                    let named = Self.differences.firstIndex { line in
                        "\(packet)".hasPrefix(line[0]) && pair.ours.contains { Self.matches($0, line[1]) }
                    }
                    if let named { used.insert(named) }
                    #expect(
                        named != nil,
                        "\(packet): \(pair.ours.joined(separator: "+")) \(ours), tshark's \(pair.theirs) \(theirs)")
                }
            }
        }
        print(
            "\(fields.count) fields, \(compared) values of \(packets) packets are equal, \(used.count) differ for a reason"
        )
        #expect(Self.differences.indices.filter { !used.contains($0) }.map { Self.differences[$0] } == [])
        #expect(compared > 3000 && fields.count > 300)
    }

    /// `tls.*` stands for all fields of a protocol.
    private static func matches(_ name: String, _ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    private static func linkType(_ packet: PacketCase) -> UInt32 {
        switch packet.first {
        case .link(let type): UInt32(type)
        case .etherType(EtherType.ipv4): 228
        default: 229
        }
    }

    /// The values of all fields of a packet, outermost header first, in one notation.
    private static func ourValues(_ packet: PacketCase) -> [String: [String]] {
        let bytes = packet.bytes.span.bytes
        var values: [String: [String]] = [:]
        for layer in PacketLayers(bytes, from: packet.first).layers {
            let header = PacketLayers.header(of: layer, in: bytes)
            for field in layer.kind.fields {
                for reading in field.readAll(header) {
                    var line = TextLine()
                    switch (reading, field.notation) {
                    case (.number(let value), .flags): line.append(text: String(value))
                    case (.number(let value), _): line.append(value, as: field)
                    case (.bytes, _): line.append(reading, as: field, of: header)
                    case (.absent, _), (.truncated, _), (.malformed, _): continue
                    }
                    values[field.name, default: []].append(normal(line.text))
                }
            }
        }
        return values
    }

    /// Numbers as decimal ones, bytes without colons, truth as 0 and 1.
    private static func normal(_ text: String) -> String {
        let text = text.trimmed
        if text == "True" || text == "False" { return text == "True" ? "1" : "0" }
        if text.hasPrefix("0x"), let value = UInt64(text.dropFirst(2), radix: 16) { return String(value) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 1, parts.allSatisfy({ $0.count == 2 && UInt8($0, radix: 16) != nil }) { return parts.joined() }
        return text
    }

    /// The values of the fields of each packet, from a file for tshark.
    private static func tshark(_ cases: [PacketCase], _ linkType: UInt32) throws -> [[[String]]] {
        let path = "/tmp/nettrace-truth-\(getpid()).pcap"
        var bytes: [UInt8] = []
        for word in [0xa1b2_c3d4, 0x0002_0004, 0, 0, 65535, linkType] as [UInt32] { bytes += PacketBytes.be(word) }
        for packet in cases {
            for word in [0, 0, UInt32(packet.bytes.count), UInt32(packet.bytes.count)] { bytes += PacketBytes.be(word) }
            bytes += packet.bytes
        }
        let file = try #require(fopen(path, "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        defer { unlink(path) }
        var command = "/usr/bin/tshark -n -r \(path) -T fields -E occurrence=a -E 'aggregator=|' -E separator=/t"
        let settings = [
            "tcp.relative_sequence_numbers:FALSE", "tcp.analyze_sequence_numbers:FALSE",
            "tcp.desegment_tcp_streams:FALSE",
            "ip.defragment:FALSE", "ipv6.defragment:FALSE", "mptcp.relative_sequence_numbers:FALSE",
            "mptcp.analyze_mptcp:FALSE", "rpc.defragment_rpc_over_tcp:FALSE", "gtp.dissect_tpdu_as:TPDU",
            "sctp.relative_tsns:FALSE",
        ]
        command += settings.map { " -o " + $0 }.joined()
        command += " -d tcp.port==11211,memcache -d udp.port==51820,wg"
        for pair in pairs { for name in pair.theirs { command += " -e " + name } }
        let pipe = try #require(popen(command + " 2>/dev/null", "r"))
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
        pclose(pipe)
        let rows = String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast()
        return rows.map { row in
            var columns = row.split(separator: "\t", omittingEmptySubsequences: false)[...]
            return pairs.map { pair in
                pair.theirs.flatMap { _ -> [String] in
                    let column = columns.popFirst() ?? ""
                    return column.split(separator: "|").map { normal(String($0)) }
                }
            }
        }
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var part = Substring(self)
        while part.last == " " { part.removeLast() }
        while part.first == " " { part.removeFirst() }
        return String(part)
    }
}
