/// Writes JSON members one after the other into a buffer. Keys are literals of the program and need no escaping.
///
/// Functions that take a key are inlined at their call: there the key is a constant, and a few stores write it.
public struct JSONObject {
    /// The character before the next key: the first member opens the object.
    @usableFromInline var separator = UInt8(ascii: "{")

    @inlinable
    public init() {}

    @inlinable
    public func end(_ buffer: inout ByteBuffer) {
        if separator == UInt8(ascii: "{") {
            buffer.append(separator)
        }
        buffer.append(UInt8(ascii: "}"))
    }

    /// Starts a member; the caller appends its value.
    @inlinable @inline(__always)
    public mutating func key(_ name: StaticString, _ buffer: inout ByteBuffer) {
        buffer.appendKey(separator, name)
        separator = UInt8(ascii: ",")
    }

    /// A number; nothing where it is nil. Numbers above 2^53 lose digits in some readers: addresses are strings.
    @inlinable @inline(__always)
    public mutating func number(_ name: StaticString, _ value: (some BinaryInteger)?, _ buffer: inout ByteBuffer) {
        guard let value else { return }
        key(name, &buffer)
        buffer.appendDecimal(value)
    }

    /// A literal that needs no escaping.
    @inlinable @inline(__always)
    public mutating func word(_ name: StaticString, _ value: StaticString, _ buffer: inout ByteBuffer) {
        key(name, &buffer)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(value)
        buffer.append(UInt8(ascii: "\""))
    }

    /// Text of any bytes.
    @inlinable @inline(__always)
    public mutating func text(_ name: StaticString, _ value: RawSpan, _ buffer: inout ByteBuffer) {
        key(name, &buffer)
        buffer.appendJSONString(value)
    }

    /// "0x" and hexadecimal digits.
    @inlinable @inline(__always)
    public mutating func hex(
        _ name: StaticString, _ value: (some BinaryInteger)?, width: Int = 1, _ buffer: inout ByteBuffer
    ) {
        guard let value else { return }
        key(name, &buffer)
        buffer.append("\"0x")
        buffer.appendHex(UInt64(truncatingIfNeeded: value), width: width)
        buffer.append(UInt8(ascii: "\""))
    }

    /// true; nothing where it is false.
    @inlinable @inline(__always)
    public mutating func flag(_ name: StaticString, _ value: Bool, _ buffer: inout ByteBuffer) {
        guard value else { return }
        key(name, &buffer)
        buffer.append("true")
    }

    /// A string whose content `body` appends; it must need no escaping.
    @inlinable @inline(__always)
    public mutating func quoted(
        _ name: StaticString, _ buffer: inout ByteBuffer, _ body: (inout ByteBuffer) -> Void
    ) {
        key(name, &buffer)
        buffer.append(UInt8(ascii: "\""))
        body(&buffer)
        buffer.append(UInt8(ascii: "\""))
    }

    /// The same, but for a member that is left out where `body` has nothing to append: it says so by returning false.
    @inlinable @inline(__always)
    public mutating func nameIfAny(
        _ name: StaticString, _ buffer: inout ByteBuffer, _ body: (inout ByteBuffer) -> Bool
    ) {
        let start = buffer.count
        let separator = separator
        key(name, &buffer)
        buffer.append(UInt8(ascii: "\""))
        guard body(&buffer) else {
            buffer.truncate(to: start)
            self.separator = separator
            return
        }
        buffer.append(UInt8(ascii: "\""))
    }

    /// An object inside this one.
    @inlinable @inline(__always)
    public mutating func object(
        _ name: StaticString, _ buffer: inout ByteBuffer, _ body: (inout JSONObject, inout ByteBuffer) -> Void
    ) {
        key(name, &buffer)
        var inside = JSONObject()
        body(&inside, &buffer)
        inside.end(&buffer)
    }

    /// An array of objects: `body` appends the members of one.
    @inlinable
    public mutating func array<Elements: Sequence>(
        _ name: StaticString, _ elements: Elements, _ buffer: inout ByteBuffer,
        _ body: (Elements.Element, inout JSONObject, inout ByteBuffer) -> Void
    ) {
        key(name, &buffer)
        buffer.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { buffer.append(UInt8(ascii: ",")) }
            isFirst = false
            var object = JSONObject()
            body(element, &object, &buffer)
            object.end(&buffer)
        }
        buffer.append(UInt8(ascii: "]"))
    }
}
