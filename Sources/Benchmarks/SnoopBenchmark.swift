import CAllocationCounter
import CaptureFiles
import FilterLanguage
import Protocols
import Snoop
import Text

/// Measures netsnoop over packets in memory: the reader, the walk through the headers, a filter, and text.
struct SnoopBenchmark {
    let runs: Int

    private enum Work: String, CaseIterable {
        case read, dissect, filter, text
    }

    func run() throws {
        let file = SnoopCorpus.file()
        let filter = try Filter("tcp.dport 443 and ip.src 10.0.0.1").expression
        for work in Work.allCases { try measure(work, file, FilterEvaluator(filter)) }
    }

    private func measure(_ work: Work, _ file: [UInt8], _ filter: FilterEvaluator) throws {
        var pass = Pass(work: work, filter: filter)
        var perPacket: [Double] = []
        var allocations: UInt64 = 0
        // The first pass fills the caches.
        for _ in 0...runs {
            var reader = try reader(of: file)
            let allocated = allocation_count()
            var result: Result<Void, any Error> = .success(())
            let time = processorNanoseconds { result = Result { try pass.run(&reader) } }
            try result.get()
            allocations = allocation_count() - allocated
            perPacket.append(time / Double(SnoopCorpus.count))
        }
        let median = Array(perPacket.dropFirst()).median
        Figures.print("snoop.\(work.rawValue).packet", median, "ns")
        Figures.print("snoop.\(work.rawValue).allocations", allocations, "per pass")
    }

    private func reader(of file: [UInt8]) throws -> CaptureReader {
        var place = 0
        return try CaptureReader(name: "memory") { buffer in
            let count = min(buffer.count, file.count - place)
            file.withUnsafeBytes {
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[place..<place + count]))
            }
            place += count
            return count
        }
    }

    /// The state that goes on from packet to packet.
    private struct Pass: ~Copyable {
        let work: Work
        var filter: FilterEvaluator
        var dissection = Dissection()
        var text = PacketText(DisplayOptions(), names: SystemNames())
        var buffer = ByteBuffer()
        var matched = 0

        init(work: Work, filter: FilterEvaluator) {
            self.work = work
            self.filter = filter
        }

        mutating func run(_ reader: inout CaptureReader) throws {
            var number: UInt64 = 0
            while try reader.next() {
                let packet = reader.packet
                number += 1
                guard work != .read else { continue }
                dissection.take(packet.bytes, from: .link(1), wireLength: packet.wireLength, time: packet.time)
                switch work {
                case .read, .dissect: break
                case .filter: if filter.matches(dissection.layers, packet.bytes) { matched += 1 }
                case .text:
                    text.append(
                        packet, bytes: PacketBytes(packet.bytes), dissection.layers, number: number, to: &buffer)
                    // As many bytes as the program collects before it writes.
                    if buffer.count > 64 << 10 { buffer.removeAll() }
                }
            }
        }
    }
}

/// A pcap file of packets as they are mixed on a network of servers: TCP with and without data, UDP, DNS, ICMP, VLAN,
/// IPv6, ARP.
enum SnoopCorpus {
    /// A prime, so that no period of the mix divides it.
    static let count = 100_003

    static func file() -> [UInt8] {
        var buffer = ByteBuffer(capacity: 16 << 20)
        let writer = PcapWriter(linkType: .ethernet, isNanoseconds: true)
        writer.appendHeader(to: &buffer)
        for index in 0..<count {
            let bytes = frame(index)
            let time = 1_790_000_000_000_000_000 + Int64(index) * 20_000
            writer.append(PacketView(bytes.span.bytes, time: time), to: &buffer)
        }
        return buffer.withUnsafeBytes { [UInt8]($0) }
    }

    private static func big16(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    private static func big32(_ value: Int) -> [UInt8] { big16(value >> 16) + big16(value) }

    private static func frame(_ index: Int) -> [UInt8] {
        let ethernet: [UInt8] = [8, 0, 0x69, 2, 0x31, 0x30, 8, 0, 0x69, 2, 0x0c, 0xa7]
        switch index % 10 {
        case 0, 1: return ethernet + [8, 0] + ipv4(6, index, tcp(index, 5001, [UInt8](repeating: 0x78, count: 60)))
        case 2, 3: return ethernet + [8, 0] + ipv4(6, index, tcp(index, 443, []))
        case 4: return ethernet + [8, 0] + ipv4(17, index, udp(index, 5001, [UInt8](repeating: 0x79, count: 50)))
        case 5:
            let query: [UInt8] = [
                0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 0x77, 0x77, 0x77, 1, 0x61, 0, 0, 1, 0, 1,
            ]
            return ethernet + [8, 0] + ipv4(17, index, udp(index, 53, query))
        case 6:
            let address: [UInt8] = [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11)
            let segment = tcp(index, 9443, [UInt8](repeating: 0x7a, count: 40))
            return ethernet + [0x86, 0xdd] + [0x60, 0, 0, 0] + big16(segment.count) + [6, 64] + address + [1] + address
                + [UInt8(index / 10 % 8)] + segment
        case 7: return ethernet + [0x81, 0, 0, 100, 8, 0] + ipv4(6, index, tcp(index, 22, []))
        case 8:
            return ethernet + [8, 0]
                + ipv4(1, index, [8, 0, 0, 0, 0, 77] + big16(index) + [UInt8](repeating: 0x70, count: 48))
        default:
            return ethernet + [8, 6, 0, 1, 8, 0, 6, 4, 0, 1] + [UInt8](repeating: 2, count: 6) + [10, 0, 0, 1]
                + [UInt8](repeating: 0, count: 6) + [10, 0, 0, 2]
        }
    }

    private static func ipv4(_ number: UInt8, _ index: Int, _ payload: [UInt8]) -> [UInt8] {
        [0x45, 0] + big16(20 + payload.count) + big16(index) + [
            0x40, 0, 64, number, 0, 0, 10, 0, 0, UInt8(index / 10 % 8),
        ]
            + [10, 1, 0, 2] + payload
    }

    private static func tcp(_ index: Int, _ port: Int, _ data: [UInt8]) -> [UInt8] {
        big16(1024 + index % 500) + big16(port) + big32(index * 1000) + big32(index * 77)
            + [0x80, data.isEmpty ? 0x10 : 0x18, 0x40, 0, 0x12, 0x34, 0, 0, 1, 1, 8, 10, 0, 0, 1, 1, 0, 0, 2, 2] + data
    }

    private static func udp(_ index: Int, _ port: Int, _ data: [UInt8]) -> [UInt8] {
        big16(1024 + index % 500) + big16(port) + big16(8 + data.count) + [0, 0] + data
    }
}
