/// Writes JSON members one after the other into a buffer. Keys are literals of this module and need no escaping.
struct JSONObject {
    private var needsComma = false

    /// Opens the object.
    init(_ buffer: inout ByteBuffer) {
        buffer.append(UInt8(ascii: "{"))
    }

    func end(_ buffer: inout ByteBuffer) {
        buffer.append(UInt8(ascii: "}"))
    }

    /// Starts a member; the caller appends its value.
    mutating func key(_ name: StaticString, _ buffer: inout ByteBuffer) {
        if needsComma {
            buffer.append(UInt8(ascii: ","))
        }
        needsComma = true
        buffer.append(UInt8(ascii: "\""))
        buffer.append(name)
        buffer.append("\":")
    }

    /// A number; nothing where it is nil. Numbers above 2^53 lose digits in some readers: addresses are strings.
    mutating func number(_ name: StaticString, _ value: (some BinaryInteger)?, _ buffer: inout ByteBuffer) {
        guard let value else { return }
        key(name, &buffer)
        buffer.appendDecimal(value)
    }

    /// A literal that needs no escaping.
    mutating func word(_ name: StaticString, _ value: StaticString, _ buffer: inout ByteBuffer) {
        key(name, &buffer)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(value)
        buffer.append(UInt8(ascii: "\""))
    }

    /// Text of any bytes.
    mutating func text(_ name: StaticString, _ value: RawSpan, _ buffer: inout ByteBuffer) {
        key(name, &buffer)
        buffer.appendJSONString(value)
    }

    /// "0x" and hexadecimal digits.
    mutating func hex(
        _ name: StaticString, _ value: (some BinaryInteger)?, width: Int = 1, _ buffer: inout ByteBuffer
    ) {
        guard let value else { return }
        key(name, &buffer)
        buffer.append("\"0x")
        buffer.appendHex(UInt64(truncatingIfNeeded: value), width: width)
        buffer.append(UInt8(ascii: "\""))
    }

    /// true; nothing where it is false.
    mutating func flag(_ name: StaticString, _ value: Bool, _ buffer: inout ByteBuffer) {
        guard value else { return }
        key(name, &buffer)
        buffer.append("true")
    }

    /// A string whose content `body` appends; it must need no escaping.
    mutating func quoted(
        _ name: StaticString, _ buffer: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void
    ) {
        key(name, &buffer)
        buffer.append(UInt8(ascii: "\""))
        body(&buffer)
        buffer.append(UInt8(ascii: "\""))
    }

    /// The same, but for a member that is left out where `body` has nothing to append: it says so by returning false.
    mutating func nameIfAny(
        _ name: StaticString, _ buffer: inout ByteBuffer, _ body: (inout ByteBuffer) -> Bool
    ) {
        let start = buffer.count
        let neededComma = needsComma
        key(name, &buffer)
        buffer.append(UInt8(ascii: "\""))
        guard body(&buffer) else {
            buffer.truncate(to: start)
            needsComma = neededComma
            return
        }
        buffer.append(UInt8(ascii: "\""))
    }

    /// An object inside this one.
    mutating func object(
        _ name: StaticString, _ buffer: inout ByteBuffer, _ body: (inout JSONObject, inout ByteBuffer) -> Void
    ) {
        key(name, &buffer)
        var inside = JSONObject(&buffer)
        body(&inside, &buffer)
        inside.end(&buffer)
    }

    /// An array of objects: `body` appends the members of one.
    mutating func array<Elements: Sequence>(
        _ name: StaticString, _ elements: Elements, _ buffer: inout ByteBuffer,
        _ body: (Elements.Element, inout JSONObject, inout ByteBuffer) -> Void
    ) {
        key(name, &buffer)
        buffer.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { buffer.append(UInt8(ascii: ",")) }
            isFirst = false
            var object = JSONObject(&buffer)
            body(element, &object, &buffer)
            object.end(&buffer)
        }
        buffer.append(UInt8(ascii: "]"))
    }
}
