/// A format of capture files.
public enum CaptureFormat: Equatable, Sendable {
    case pcap, pcapng, snoop
    /// AIX; version 1 has times in seconds.
    case iptrace1, iptrace2

    /// The name that documents use.
    public var name: String {
        switch self {
        case .pcap: "pcap"
        case .pcapng: "pcapng"
        case .snoop: "snoop"
        case .iptrace1: "iptrace 1.0"
        case .iptrace2: "iptrace 2.0"
        }
    }

    /// Enough bytes to distinguish the formats.
    static let magicSize = 11
    static let snoopMagic = Array("snoop\0\0\0".utf8)
    static let iptrace1Magic = Array("iptrace 1.0".utf8)
    static let iptrace2Magic = Array("iptrace 2.0".utf8)

    /// - Parameter start: the first bytes of a file, `magicSize` if it has as many. Returns nil for other files.
    init?(start: RawSpan) {
        if start.hasPrefix(Self.snoopMagic) {
            self = .snoop
        } else if start.hasPrefix(Self.iptrace1Magic) {
            self = .iptrace1
        } else if start.hasPrefix(Self.iptrace2Magic) {
            self = .iptrace2
        } else if start.byteCount >= 4 {
            let magic = start.u32(0, .bigEndian)
            if magic == PcapNGBlock.section {
                self = .pcapng
            } else if PcapMagic(magic) != nil {
                self = .pcap
            } else {
                return nil
            }
        } else {
            return nil
        }
    }

    /// The error for a file that is no capture.
    static func refusal(_ start: RawSpan) -> CaptureError.Problem {
        guard !start.isEmpty else { return .empty }
        let others: [(magic: [UInt8], problem: CaptureError.Problem)] = [
            ([0x1f, 0x8b], .compressed("gzip")), ([0x28, 0xb5, 0x2f, 0xfd], .compressed("zstd")),
            ([0xfd, 0x37, 0x7a, 0x58, 0x5a], .compressed("xz")), ([0x8e] + Array("NTR\r\n".utf8), .recording),
        ]
        return others.first { start.hasPrefix($0.magic) }?.problem ?? .notACapture
    }
}

extension RawSpan {
    func hasPrefix(_ prefix: [UInt8]) -> Bool {
        withUnsafeBytes { $0.starts(with: prefix) }
    }
}
