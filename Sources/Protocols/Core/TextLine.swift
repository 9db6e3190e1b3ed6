/// A line of text that is being made, without memory per line: a caller keeps it and empties it.
public struct TextLine: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func truncate(to count: Int) { bytes.removeLast(max(0, bytes.count - count)) }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func append(_ address: IPv4Address) { append(address.text) }
    mutating func append(_ address: IPv6Address) { append(address.text) }
    mutating func append(_ address: MACAddress) { append(address.text) }

    mutating func appendDecimal(_ value: some BinaryInteger) { append(String(value)) }

    /// With leading zeros.
    mutating func appendHex(_ value: UInt64, digits: Int) {
        for digit in (0..<digits).reversed() {
            bytes.append(Self.digits[Int(value >> UInt64(4 * digit) & 0xf)])
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}

extension TextLine {
    /// `443 -> 51234`; false if the ports were not captured.
    mutating func append(portsOf header: borrowing HeaderBytes) -> Bool {
        guard let source = header.u16(0), let destination = header.u16(2) else { return false }
        appendDecimal(source)
        append(" -> ")
        appendDecimal(destination)
        return true
    }
}
