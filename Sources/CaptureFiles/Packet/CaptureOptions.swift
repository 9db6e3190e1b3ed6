/// The options of a block of pcapng: codes with values.
public struct CaptureOptions: ~Escapable {
    /// One option.
    public struct Option: ~Escapable {
        public let code: UInt16
        public let value: RawSpan

        @_lifetime(copy value)
        init(_ code: UInt16, _ value: RawSpan) {
            self.code = code
            self.value = value
        }
    }

    private let bytes: RawSpan
    /// The byte order of numbers in values.
    let order: ByteOrder

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, _ order: ByteOrder) {
        self.bytes = bytes
        self.order = order
    }

    public var isEmpty: Bool { bytes.isEmpty }

    /// The option at `position`, which moves on to the following one: 0 at first. Returns nil at the end.
    @_lifetime(copy self)
    public func next(_ position: inout Int) -> Option? {
        guard let (code, value) = place(position) else { return nil }
        position = min(value.upperBound.roundedUpTo4, bytes.byteCount)
        return Option(code, bytes.extracting(value))
    }

    /// The code and the place of the value of an option; nil at the end, and if the option exceeds the block.
    private func place(_ position: Int) -> (code: UInt16, value: Range<Int>)? {
        let start = position + 4
        guard start <= bytes.byteCount else { return nil }
        let code = bytes.u16(position, order)
        let end = start + Int(bytes.u16(position + 2, order))
        guard code != OptionCode.end, end <= bytes.byteCount else { return nil }
        return (code, start..<end)
    }

    /// Whether every option, with its padding, ends within the block.
    var areIntact: Bool {
        var position = 0
        while let (_, value) = place(position) {
            position = value.upperBound.roundedUpTo4
            guard position <= bytes.byteCount else { return false }
        }
        return position == bytes.byteCount
            || position + 4 <= bytes.byteCount && bytes.u16(position, order) == OptionCode.end
    }

    /// The value of the first option with this code.
    @_lifetime(copy self)
    public func first(_ code: UInt16) -> RawSpan? {
        var position = 0
        while let (found, value) = place(position) {
            if found == code { return bytes.extracting(value) }
            position = value.upperBound.roundedUpTo4
        }
        return nil
    }

    /// The text of the first option with this code, up to a zero byte.
    public func text(_ code: UInt16) -> String? {
        guard let value = first(code) else { return nil }
        return value.text
    }

    /// The number in the first option with this code; nil if its size differs from the number's.
    public func number<Number: FixedWidthInteger & BitwiseCopyable>(_ code: UInt16, as _: Number.Type) -> Number? {
        guard let value = first(code), value.byteCount == MemoryLayout<Number>.size else { return nil }
        return value.number(Number.self, at: 0, order)
    }

    /// All comments, in the order of the file.
    public var comments: [String] {
        var comments: [String] = []
        var position = 0
        while let option = next(&position) {
            if option.code == OptionCode.comment { comments.append(option.value.text) }
        }
        return comments
    }
}

/// Codes of options that this module reads or writes. Codes above 1 have another meaning in each type of block.
public enum OptionCode {
    public static let end: UInt16 = 0
    public static let comment: UInt16 = 1
    static let hardware: UInt16 = 2
    static let system: UInt16 = 3
    static let application: UInt16 = 4
    static let interfaceName: UInt16 = 2
    static let interfaceDescription: UInt16 = 3
    static let timeResolution: UInt16 = 9
    static let filter: UInt16 = 11
    static let interfaceSystem: UInt16 = 12
    static let timeOffset: UInt16 = 14
    public static let packetFlags: UInt16 = 2
    static let packetDropCount: UInt16 = 4
    public static let packetID: UInt16 = 5
    public static let packetQueue: UInt16 = 6
    public static let packetVerdict: UInt16 = 7
    public static let packetProcess: UInt16 = 8
    /// nettrace's own option with the packet's path and verdict as JSON (docs/CAPTURE.md, *For programs*). Codes from 0x8000
    /// on are for local use; the value begins with `{"nettrace":`, since others may use the same code.
    public static let story: UInt16 = 0x8e4e
    /// Bytes of an option's value: its size is a u16.
    public static let longestValue = 65_535
    static let received: UInt16 = 4
    static let dropped: UInt16 = 5
    static let accepted: UInt16 = 6
    static let systemDropped: UInt16 = 7
}
