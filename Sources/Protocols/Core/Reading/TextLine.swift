/// A line of text that is being made, without memory per line: a caller keeps it and empties it.
public struct TextLine: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func truncate(to count: Int) { bytes.removeLast(max(0, bytes.count - count)) }

    /// For texts in JSON, which are printable otherwise.
    mutating func doubleBackslashes(from start: Int) {
        for index in bytes.indices[start...].reversed() where bytes[index] == UInt8(ascii: "\\") {
            bytes.insert(UInt8(ascii: "\\"), at: index)
        }
    }

    /// A byte of a text from a packet: printable ASCII, and `\xNN` for all others, quotes and backslashes included.
    mutating func append(escaped byte: UInt8) {
        if byte >= 0x20, byte < 0x7f, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            bytes.append(byte)
        } else {
            append("\\x")
            appendHex(UInt64(byte), digits: 2)
        }
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Text that needs no escaping.
    public mutating func append(text: String) { append(text) }

    /// A name from a file: what would act on a terminal is escaped.
    public mutating func append(printable name: String) { for byte in name.utf8 { append(escaped: byte) } }

    /// With a comma between groups of three digits: `4,512`.
    public mutating func append(grouped value: UInt64) {
        guard value >= 1000 else { return appendDecimal(value) }
        append(grouped: value / 1000)
        append(",")
        let rest = String(value % 1000)
        for _ in rest.utf8.count..<3 { append("0") }
        append(rest)
    }

    mutating func append(_ address: IPv4Address) {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            appendDecimal(address.bits >> shift & 0xff)
            if shift > 0 { append(".") }
        }
    }

    mutating func append(_ address: IPv6Address) { append(address.text) }
    mutating func append(_ address: MACAddress) { append(address.text) }

    mutating func appendDecimal(_ value: some BinaryInteger) {
        guard let number = UInt64(exactly: value), number < 1_000_000_000_000 else { return append(String(value)) }
        var unit: UInt64 = 1
        while number / unit >= 10 { unit *= 10 }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / unit % 10))
            unit /= 10
        }
    }

    /// A byte without leading zeros.
    public mutating func append(hexadecimal byte: UInt8) { appendHex(UInt64(byte), digits: byte > 15 ? 2 : 1) }

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
