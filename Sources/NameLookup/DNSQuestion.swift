public import Protocols

/// A question to a name server about one host (RFC 1035), and what its answer says.
public struct DNSQuestion: Hashable, Sendable {
    public enum Subject: Hashable, Sendable {
        /// The name of an address.
        case name(of: IPAddress)
        /// The addresses of a name, of IPv4 or of IPv6.
        case addresses(of: String, isIPv6: Bool)
    }

    public enum Answer: Equatable, Sendable {
        /// Seconds for which the name is valid.
        case name(String, lifetime: UInt32)
        case addresses([IPAddress])
        /// The server says that no answer exists.
        case nothing
        /// The server could not find out.
        case failure
    }

    public let subject: Subject

    public init(_ subject: Subject) { self.subject = subject }

    private static let (a, ptr, aaaa): (UInt16, UInt16, UInt16) = (1, 12, 28)
    private static let headerSize = 12
    /// Of a name, and of its parts.
    private static let (nameLimit, labelLimit) = (253, 63)

    private var type: UInt16 {
        switch subject {
        case .name: Self.ptr
        case .addresses(_, let isIPv6): isIPv6 ? Self.aaaa : Self.a
        }
    }

    /// `1.0.0.10.in-addr.arpa`
    var domain: String {
        switch subject {
        case .name(.ipv4(let address)):
            return [0, 8, 16, 24].map { String(address.bits >> UInt32($0) & 0xff) }.joined(separator: ".")
                + ".in-addr.arpa"
        case .name(.ipv6(let address)):
            return (0..<32).map { String(UInt8(address.bits >> UInt128(4 * $0) & 0xf), radix: 16) }
                .joined(separator: ".") + ".ip6.arpa"
        case .addresses(let name, _): return name
        }
    }

    /// The query with a recursion request; nil for a name that DNS cannot have.
    func query(id: UInt16) -> [UInt8]? {
        var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 0xff), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        guard !domain.isEmpty, domain.utf8.count <= Self.nameLimit else { return nil }
        for label in domain.split(separator: ".", omittingEmptySubsequences: false) {
            guard !label.isEmpty, label.utf8.count <= Self.labelLimit else { return nil }
            bytes.append(UInt8(label.utf8.count))
            bytes += Array(label.utf8)
        }
        return bytes + [0, UInt8(type >> 8), UInt8(type & 0xff), 0, 1]
    }

    /// Reads a server's message. Returns nil if it does not answer the query with this id.
    func answer(_ message: [UInt8], id: UInt16) -> Answer? {
        guard let query = query(id: id), message.count >= query.count, message[0] == query[0], message[1] == query[1],
            message[2] & 0x80 != 0, Self.isSame(message[Self.headerSize..<query.count], query[Self.headerSize...])
        else { return nil }
        switch message[3] & 0xf {
        case 0: break
        case 3: return .nothing
        default: return .failure
        }
        var reader = MessageReader(message, at: query.count)
        var addresses: [IPAddress] = []
        for _ in 0..<min(64, Int(message[6]) << 8 | Int(message[7])) {
            guard reader.skipName(), let type = reader.number(2), reader.number(2) != nil,
                let lifetime = reader.number(4), let size = reader.number(2)
            else { return .failure }
            let data = reader.place
            guard reader.skip(Int(size)) else { return .failure }
            switch UInt16(type) {
            case Self.ptr where self.type == Self.ptr:
                guard let name = MessageReader(message, at: data).name() else { return .failure }
                return .name(name, lifetime: lifetime)
            case Self.a where self.type == Self.a && size == 4:
                addresses.append(.ipv4(IPv4Address(bits: MessageReader(message, at: data).word(0))))
            case Self.aaaa where self.type == Self.aaaa && size == 16:
                let words = MessageReader(message, at: data)
                let bits = (0..<4).reduce(UInt128(0)) { $0 << 32 | UInt128(words.word($1)) }
                addresses.append(.ipv6(IPv6Address(bits: bits)))
            default: continue
            }
        }
        return addresses.isEmpty ? .nothing : .addresses(addresses)
    }

    /// Names are the same in any case of their letters.
    private static func isSame(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }
        return one.elementsEqual(other) { lower($0) == lower($1) }
    }
}

/// Reads a message of DNS. Every read is checked.
private struct MessageReader {
    private let bytes: [UInt8]
    private(set) var place: Int

    init(_ bytes: [UInt8], at place: Int) {
        self.bytes = bytes
        self.place = place
    }

    /// A number of at most four bytes.
    mutating func number(_ size: Int) -> UInt32? {
        guard place + size <= bytes.count else { return nil }
        defer { place += size }
        return bytes[place..<place + size].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Of four bytes that are there.
    func word(_ index: Int) -> UInt32 {
        var reader = MessageReader(bytes, at: place + 4 * index)
        return reader.number(4) ?? 0
    }

    mutating func skip(_ count: Int) -> Bool {
        guard place + count <= bytes.count else { return false }
        place += count
        return true
    }

    mutating func skipName() -> Bool {
        while place < bytes.count {
            let length = Int(bytes[place])
            if length >= 0xc0 { return skip(2) }
            guard length < 64, skip(1 + length) else { return false }
            if length == 0 { return true }
        }
        return false
    }

    /// A name, without its last dot. Pointers only lead back, so that each is followed once. Returns nil for a name with
    /// bytes that names of hosts do not have.
    func name() -> String? {
        var labels: [String] = []
        var offset = place
        var limit = place + 1
        var size = 0
        while offset < bytes.count {
            let length = Int(bytes[offset])
            if length >= 0xc0 {
                guard offset + 1 < bytes.count else { return nil }
                let target = (length & 0x3f) << 8 | Int(bytes[offset + 1])
                guard target < limit else { return nil }
                (offset, limit) = (target, target)
                continue
            }
            guard length < 64, offset + 1 + length <= bytes.count else { return nil }
            if length == 0 { return labels.isEmpty ? nil : labels.joined(separator: ".") }
            let label = bytes[offset + 1..<offset + 1 + length]
            size += length + 1
            guard size <= 254, label.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
            labels.append(String(decoding: label, as: UTF8.self))
            offset += 1 + length
        }
        return nil
    }
}
