import Protocols

/// Attributes (`struct nlattr`) of a message, or of an attribute that nests others. The sequence ends before an attribute
/// whose length is wrong.
public struct NetlinkAttributes: Sequence, IteratorProtocol, Sendable {
    public typealias Element = (type: UInt16, payload: ArraySlice<UInt8>)

    private var rest: ArraySlice<UInt8>
    private static let header = 4
    /// Without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
    private static let typeMask: UInt16 = 0x3fff

    public init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    /// - Parameter offset: length of the fixed header in front of the attributes.
    init(_ bytes: ArraySlice<UInt8>, after offset: Int) {
        rest = bytes.dropFirst((offset + 3) / 4 * 4)
    }

    public mutating func next() -> Element? {
        guard let length = rest.number(as: UInt16.self), let type = rest.number(at: 2, as: UInt16.self),
            let whole = rest.bytes(at: 0, count: Int(length)), whole.count >= Self.header
        else { return nil }
        rest = rest.dropFirst((whole.count + 3) / 4 * 4)
        return (type & Self.typeMask, whole.dropFirst(Self.header))
    }

    /// The payload of the first attribute of this type.
    public subscript(type: UInt16) -> ArraySlice<UInt8>? { first { $0.type == type }?.payload }

    func number<Number: FixedWidthInteger>(_ type: UInt16, as _: Number.Type = Number.self) -> Number? {
        self[type]?.number()
    }

    /// A number in network byte order.
    func bigEndian<Number: FixedWidthInteger>(_ type: UInt16, as _: Number.Type = Number.self) -> Number? {
        number(type, as: Number.self).map { Number(bigEndian: $0) }
    }

    func text(_ type: UInt16) -> String? { self[type]?.text }

    func address(_ type: UInt16) -> IPAddress? { self[type].flatMap { IPAddress($0) } }

    /// The attributes within the first attribute of this type.
    func nested(_ type: UInt16) -> NetlinkAttributes? { self[type].map { NetlinkAttributes($0) } }
}
