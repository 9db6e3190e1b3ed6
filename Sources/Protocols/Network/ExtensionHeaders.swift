/// A set of IPv6 extension headers.
public struct ExtensionHeaderSet: Sendable {
    /// Numbers 0 to 63, and 128 to 191.
    private let low: UInt64
    private let high: UInt64

    @inline(__always)
    private init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    public func contains(_ number: UInt8) -> Bool {
        let bits = number < 64 ? low : number >= 128 && number < 192 ? high : 0
        return bits &>> UInt64(number & 63) & 1 == 1
    }

    @inline(__always)
    private static func bit(_ number: UInt8) -> UInt64 { 1 &<< UInt64(number & 63) }

    /// Those that the kernel's netfilter walks over (include/net/ipv6.h, ipv6_ext_hdr()), without NEXTHDR_NONE, after
    /// which nothing follows.
    @inline(__always)
    public static var netfilter: ExtensionHeaderSet {
        ExtensionHeaderSet(
            low: bit(IPProtocol.hopByHop) | bit(IPProtocol.routing) | bit(IPProtocol.fragment) | bit(IPProtocol.ah)
                | bit(IPProtocol.destinationOptions),
            high: 0)
    }

    /// All that IANA lists, except ESP, after which nothing is readable.
    @inline(__always)
    public static var all: ExtensionHeaderSet {
        ExtensionHeaderSet(
            low: netfilter.low,
            high: bit(IPProtocol.mobility) | bit(IPProtocol.hostIdentity) | bit(IPProtocol.shim6))
    }
}

/// One IPv6 extension header.
public struct ExtensionHeader: Equatable, Sendable {
    public let number: UInt8
    public let offset: Int

    /// Bytes, from the header's length field.
    @inline(__always)
    static func length(_ number: UInt8, field: UInt8) -> Int {
        switch number {
        case IPProtocol.fragment: 8
        case IPProtocol.ah: (Int(field) + 2) * 4
        default: (Int(field) + 1) * 8
        }
    }
}

/// The walk over the extension headers of an IPv6 packet (RFC 8200, section 4). All that look for the transport header
/// share it.
public struct ExtensionHeaderWalk: Sendable {
    public enum Step: Sendable {
        case more
        /// The walk ends after this header: what follows is no header.
        case last
        /// The walk ends before this header: it was not captured as far as the visitor needs it.
        case cut
    }

    /// Offset of the next header.
    public private(set) var offset: Int
    /// The number of the next header.
    public private(set) var next: UInt8

    /// - Parameters:
    ///   - offset: of the first header after the fixed IPv6 header.
    ///   - next: its number.
    public init(from offset: Int, _ next: UInt8) {
        self.offset = offset
        self.next = next
    }

    /// Visits the headers of a set, until another follows. Returns false if the bytes end before.
    @inline(__always)
    public mutating func walk(
        _ bytes: RawSpan, over headers: ExtensionHeaderSet, _ visit: (ExtensionHeader) -> Step
    ) -> Bool {
        while headers.contains(next) {
            let step = visit(ExtensionHeader(number: next, offset: offset))
            guard step != .cut, let following = bytes.u8(offset), let field = bytes.u8(offset + 1) else {
                return false
            }
            offset += ExtensionHeader.length(next, field: field)
            next = following
            if step == .last { break }
        }
        return true
    }
}
