public import CaptureFiles

/// The format of a capture's file.
public enum LogFormat: Equatable, Sendable {
    case pcapng
    /// All packets have one link type.
    case pcap(LinkType)
    /// That of AIX.
    case iptrace2

    public var name: String {
        switch self {
        case .pcapng: CaptureFormat.pcapng.name
        case .pcap: CaptureFormat.pcap.name
        case .iptrace2: CaptureFormat.iptrace2.name
        }
    }

    var fileFormat: CaptureFormat {
        switch self {
        case .pcapng: .pcapng
        case .pcap: .pcap
        case .iptrace2: .iptrace2
        }
    }

    /// The end of the last whole record in the first `limit` of the bytes, which begin with a record.
    func boundary(_ bytes: RawSpan, limit: Int) -> Int {
        func number(_ offset: Int, isBigEndian: Bool) -> Int {
            let word = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
            return Int(isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word))
        }
        var end = 0
        while true {
            // The place of the size in a record's head, the size of the head, and bytes that the size leaves out.
            let (place, head, rest): (Int, Int, Int) =
                switch self {
                case .pcapng: (4, 8, 0)
                case .pcap: (8, 16, 16)
                case .iptrace2: (0, 4, 8)
                }
            guard end + head <= limit else { return end }
            let size = number(end + place, isBigEndian: self == .iptrace2) + rest
            guard size >= head, end + size <= limit else { return end }
            end += size
        }
    }
}
