@testable import FilterLanguage
import Glibc
import PacketAgreement
import Protocols
import Testing

@Suite struct EncapsulationTests {
    /// Tags, labels and sessions before the network header change no answer about the headers after it.
    @Test func tagsChangeNoAnswer() throws {
        let wrappings: [[UInt8]] = [
            [0x81, 0x00, 0x00, 0x64], [0x88, 0xa8, 0x00, 0x05, 0x81, 0x00, 0x10, 0x06],
            [0x88, 0x47, 0x00, 0x01, 0x00, 0x40, 0x00, 0x02, 0x01, 0x40], [0x88, 0x64, 0x11, 0x00, 0x00, 0x07],
        ]
        let packets = PacketCorpus.all.filter {
            $0.from == "ether" && $0.bytes.count > 34
                && ($0.bytes[12...13] == [0x08, 0x00] || $0.bytes[12...13] == [0x86, 0xdd])
        }
        var random = FilterGenerator(seed: 21, protocols: ["ip", "ip6", "tcp", "udp", "icmp", "icmp6", "gre", "dns"])
        var compared = 0
        for _ in 0..<60 {
            let expression = random.expression(depth: 3)
            var evaluator = FilterEvaluator(expression)
            for packet in packets {
                let plain = packet.bytes.span.bytes
                let expected = evaluator.matches(PacketLayers(plain, from: packet.first), plain)
                for wrapping in wrappings {
                    let bytes = wrapped(packet.bytes, wrapping)
                    let layers = PacketLayers(bytes.span.bytes, from: packet.first)
                    let answer = evaluator.matches(layers, bytes.span.bytes)
                    #expect(answer == expected, "\(expression) on \(packet) in \(wrapping)")
                    compared += 1
                }
            }
        }
        #expect(compared > 5000)
    }

    private func wrapped(_ frame: [UInt8], _ wrapping: [UInt8]) -> [UInt8] {
        let payload = frame[14...]
        switch wrapping[1] {
        case 0x47: return frame[..<12] + wrapping + payload
        case 0x64:
            // Longer than the packet: its own length counts.
            let number: [UInt8] = frame[12] == 0x08 ? [0x00, 0x21] : [0x00, 0x57]
            return frame[..<12] + wrapping + [0xff, 0xff] + number + payload
        default: return frame[..<12] + wrapping + frame[12...]
        }
    }

    /// The table of docs/FILTER-LANGUAGE.md, in which 1 to 4 are addresses.
    @Test func documentedTable() throws {
        let document = PacketCorpus.contents(of: PacketCorpus.directory + "../../../docs/FILTER-LANGUAGE.md")
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
        let head = try #require(lines.firstIndex { $0.hasPrefix("| Filter | IP 1") })
        let rows = lines[(head + 2)...].prefix { $0.hasPrefix("|") }
        #expect(rows.count >= 10)
        let tcp: [UInt8] =
            [0, 1, 0, 2] + [UInt8](repeating: 0, count: 8) + [0x50, 2] + [UInt8](repeating: 0, count: 6)
        let packets = [
            ip(1, 2, 6, tcp), ip(1, 2, 47, [0, 0, 8, 0] + ip(3, 4, 6, tcp)),
            ip(1, 2, 1, [3, 1, 0, 0, 0, 0, 0, 0] + ip(2, 1, 6, tcp)),
        ]
        for row in rows {
            let cells = row.split(separator: "|").map { $0.trimming(" ") }
            for filter in cells[0].split(separator: "`").map({ $0.trimming(" ") })
            where filter != "," && !filter.isEmpty {
                let words = filter.split(separator: " ").map { "1234".contains($0) ? "10.0.0.\($0)" : String($0) }
                for (packet, cell) in zip(packets, cells[1...]) {
                    let answer = evaluate(try parsed(words.joined(separator: " ")).expression, packet)
                    #expect(answer == (cell == "1"), "\(filter)")
                }
            }
        }
    }

    private func evaluate(_ expression: FilterExpression, _ packet: [UInt8]) -> Bool {
        var evaluator = FilterEvaluator(expression)
        let bytes = packet.span.bytes
        return evaluator.matches(PacketLayers(bytes, from: .etherType(0x0800)), bytes)
    }

    private func ip(_ source: UInt8, _ destination: UInt8, _ proto: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0x45, 0, 0, UInt8(20 + payload.count), 0, 1, 0, 0, 64, proto, 0, 0, 10, 0, 0, source, 10, 0, 0, destination]
            + payload
    }
}

extension Substring {
    fileprivate func trimming(_ character: Character) -> String {
        String(drop { $0 == character }.reversed().drop { $0 == character }.reversed())
    }
}
