import Protocols
import Text

/// The result of comparing a checksum with the bytes that it covers.
enum ChecksumCheck: Equatable {
    case correct
    case wrong(expected: UInt16)
    /// The sender made none (UDP over IPv4).
    case absent
    /// The sum of the addresses and the length alone: the device was to add the rest after the capture.
    case offloaded
    /// Not all bytes that it covers are in the packet.
    case cut, fragment

    var words: StaticString {
        switch self {
        case .correct: " (correct)"
        case .wrong: " (wrong: "
        case .absent: " (none)"
        case .offloaded: " (left to the device)"
        case .cut: " (not checked: bytes are missing)"
        case .fragment: " (not checked: a fragment)"
        }
    }
}

extension ByteBuffer {
    mutating func append(_ check: ChecksumCheck?) {
        guard let check else { return }
        append(check.words)
        if case .wrong(let expected) = check {
            appendHex(UInt64(expected))
            append(" expected)")
        }
    }
}

extension ChecksumCheck {
    /// The checksum of a header or a message in which it is at `offset`.
    ///
    /// - Parameters:
    ///   - length: bytes that it covers on the wire.
    ///   - network: the network header before a message whose checksum covers addresses, too.
    init(_ bytes: RawSpan, length: Int, at offset: Int, network: Pseudoheader? = nil) {
        guard bytes.byteCount >= length, offset + 2 <= length else {
            self = .cut
            return
        }
        if network?.isFragment == true {
            self = .fragment
            return
        }
        let covered = bytes.extracting(first: length)
        let field = UInt16(covered.byte(offset)) << 8 | UInt16(covered.byte(offset + 1))
        var sum = InternetChecksum()
        if let network {
            sum.add(network.source)
            sum.add(network.destination)
            sum.add(UInt128(length) + UInt128(network.ipProtocol))
        }
        let isOffloaded = network != nil && field == sum.folded
        sum.add(covered)
        self = sum.isCorrect ? .correct : isOffloaded ? .offloaded : .wrong(expected: sum.expected(insteadOf: field))
    }
}

/// The parts of a network header that checksums of messages cover.
struct Pseudoheader {
    var source: UInt128
    var destination: UInt128
    /// The number of the message's protocol.
    var ipProtocol: UInt8 = 0
    var isFragment = false
}
