public import DLanguage
public import Text

/// Names of addresses, which user space asks the kernel for.
public protocol AddressNames {
    /// "vmlinux`ip_rcv+0x10", or the number.
    func name(of address: UInt64) -> String
}

/// Addresses as numbers.
public struct NumericAddresses: AddressNames {
    public init() {}
    public func name(of address: UInt64) -> String { "0x" + String(address, radix: 16) }
}

/// Prints values by the conversions of a format.
public struct FormatWriter<Names: AddressNames> {
    let names: Names
    /// Spaces before each frame of a stack.
    public var stackIndent = 14

    public init(_ names: Names) { self.names = names }

    /// Prints a format.
    ///
    /// - Parameter aggregations: prints the value of the aggregation with this number, for `%@d`.
    public func write(
        _ format: Format, _ values: [Datum], to buffer: inout ByteBuffer,
        aggregations: (Int, Format.Conversion, inout ByteBuffer) -> Void = { _, _, _ in }
    ) {
        // The compiler has checked the number of values.
        func value(_ index: Int) -> Datum { values.indices.contains(index) ? values[index] : .int64(0) }
        for piece in format.pieces {
            switch piece {
            case .text(let text): buffer.append(contentsOf: text)
            case .conversion(var conversion):
                if case .argument(let index) = conversion.width { conversion.setWidth(value(index)) }
                if case .argument(let index) = conversion.precision { conversion.setPrecision(value(index)) }
                if conversion.isAggregation {
                    aggregations(conversion.argument, conversion, &buffer)
                } else {
                    write(value(conversion.argument), by: conversion, to: &buffer)
                }
            }
        }
    }

    /// Prints one value.
    public func write(_ value: Datum, by conversion: Format.Conversion, to buffer: inout ByteBuffer) {
        switch (conversion.kind, value) {
        case (_, .stack(let frames)): writeStack(frames, to: &buffer)
        case (.symbol, .integer(let address)), (.userSymbol, .integer(let address)):
            pad(Array(names.name(of: address.bits).utf8), conversion, &buffer)
        case (.character, .integer(let code)): pad([UInt8(truncatingIfNeeded: code.bits)], conversion, &buffer)
        case (.escapedCharacter, .integer(let code)):
            pad(Self.escaped([UInt8(truncatingIfNeeded: code.bits)]), conversion, &buffer)
        case (.date, .integer(let time)): pad(Array(DateForm.date(time.bits).utf8), conversion, &buffer)
        case (.timeOfDay, .integer(let time)):
            pad(Array(DateForm.dateWithNanoseconds(time.bits).utf8), conversion, &buffer)
        case (.escapedText, .text(let text)): pad(cut(Self.escaped(text), conversion), conversion, &buffer)
        case (_, .text(let text)): pad(cut(text, conversion), conversion, &buffer)
        case (_, .integer(var number)):
            if [1, 2, 4, 8].contains(conversion.size) {
                number = .init(
                    bits: number.bits, size: conversion.size, isSigned: conversion.kind == .signedDecimal)
            }
            IntegerForm(number, conversion).write(to: &buffer)
        }
    }

    /// A line break, and a line for each frame.
    public func writeStack(_ frames: [UInt64], to buffer: inout ByteBuffer) {
        buffer.append(UInt8(ascii: "\n"))
        for frame in frames {
            buffer.appendSpaces(stackIndent)
            buffer.append(contentsOf: names.name(of: frame).utf8)
            buffer.append(UInt8(ascii: "\n"))
        }
    }

    private func cut(_ text: [UInt8], _ conversion: Format.Conversion) -> [UInt8] {
        guard case .fixed(let count) = conversion.precision, count < text.count else { return text }
        return Array(text[..<count])
    }

    private func pad(_ text: [UInt8], _ conversion: Format.Conversion, _ buffer: inout ByteBuffer) {
        let room = conversion.fixedWidth - text.count
        if !conversion.flags.contains(.left) { buffer.appendSpaces(room) }
        buffer.append(contentsOf: text)
        if conversion.flags.contains(.left) { buffer.appendSpaces(room) }
    }

    /// Bytes that a terminal does not print, as escapes of C.
    static func escaped(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text {
            if let letter = escapes[byte] {
                result += [UInt8(ascii: "\\"), letter]
            } else if (0x20..<0x7f).contains(byte) {
                result.append(byte)
            } else {
                result += Array("\\x".utf8) + [byte >> 4, byte & 15].map { Array("0123456789abcdef".utf8)[Int($0)] }
            }
        }
        return result
    }
}

/// A wider field would only fill the screen; output memory grows with it.
private let widest = 4096

private let escapes: [UInt8: UInt8] = [
    0: UInt8(ascii: "0"), 7: UInt8(ascii: "a"), 8: UInt8(ascii: "b"), 9: UInt8(ascii: "t"), 10: UInt8(ascii: "n"),
    11: UInt8(ascii: "v"), 12: UInt8(ascii: "f"), 13: UInt8(ascii: "r"), 92: UInt8(ascii: "\\"),
]

extension Format.Conversion {
    var fixedWidth: Int { if case .fixed(let width) = width { max(0, width) } else { 0 } }

    /// A negative width stands for the flag `-`, as in printf(3).
    fileprivate mutating func setWidth(_ value: Datum) {
        guard case .integer(let number) = value else { return width = nil }
        if number.isNegative { flags.insert(.left) }
        width = .fixed(Int(min(number.magnitude, UInt64(widest))))
    }

    /// A negative precision counts as none.
    fileprivate mutating func setPrecision(_ value: Datum) {
        guard case .integer(let number) = value, !number.isNegative else { return precision = nil }
        precision = .fixed(Int(min(number.bits, UInt64(widest))))
    }
}

extension ByteBuffer {
    mutating func appendSpaces(_ count: Int) { appendRepeated(UInt8(ascii: " "), count) }

    mutating func appendRepeated(_ byte: UInt8, _ count: Int) {
        for _ in 0..<max(0, count) { append(byte) }
    }
}
