/// The message that a client or a server of TLS begins with (RFC 8446, section 4.1).
struct TLSHello {
    let isClient: Bool
    let version: UInt16
    let session: Range<Int>
    /// Those that a client offers; the one that a server chose.
    let ciphers: Range<Int>
    let extensions: Range<Int>
    /// Where the message ends.
    let end: Int

    /// - Parameter start: of the message: its type and its length of three bytes. Nil if it is another message or if a
    ///   part before the extensions was not captured.
    init?(_ header: borrowing HeaderBytes, at start: Int) {
        guard let type = header.u8(start), type == 1 || type == 2, let length = header.number(start + 1, 3),
            let version = header.u16(start + 4), let sessionSize = header.u8(start + 38)
        else { return nil }
        isClient = type == 1
        self.version = version
        end = start + 4 + Int(length)
        session = start + 39..<start + 39 + Int(sessionSize)
        var offset = session.upperBound
        if isClient {
            guard let size = header.u16(offset), let methods = header.u8(offset + 2 + Int(size)) else { return nil }
            ciphers = offset + 2..<offset + 2 + Int(size)
            offset = ciphers.upperBound + 1 + Int(methods)
        } else {
            ciphers = offset..<offset + 2
            offset += 3
        }
        // Early versions have no extensions.
        guard offset < end else {
            extensions = end..<end
            return
        }
        guard let size = header.u16(offset) else { return nil }
        extensions = offset + 2..<offset + 2 + Int(size)
    }

    static let form = EntryList.Form(typeBits: 16, lengthBits: 16)

    /// Visits the extensions.
    func walk(_ header: borrowing HeaderBytes, _ body: (UInt64, Range<Int>) -> Bool) -> FieldReading {
        let range = extensions
        return EntryList(Self.form) { _ in range }.walk(header, body)
    }

    /// The contents of an extension; nil if it is not there.
    func contents(_ wanted: UInt64, _ header: borrowing HeaderBytes) -> Range<Int>? {
        var found: Range<Int>?
        _ = walk(header) { type, contents in
            if type == wanted { found = contents }
            return found == nil
        }
        return found
    }

    /// Numbers of two bytes in a list with a length of `head` bytes before it.
    func numbers(in range: Range<Int>?, after head: Int, _ header: borrowing HeaderBytes) -> [UInt16] {
        guard let range else { return [] }
        return stride(from: range.lowerBound + head, to: range.upperBound - 1, by: 2).compactMap { header.u16($0) }
    }

    /// The first name in a list of host names.
    func serverName(_ header: borrowing HeaderBytes) -> Range<Int>? {
        guard let range = contents(0, header), let size = header.u16(range.lowerBound + 3) else { return nil }
        let start = range.lowerBound + 5
        return start + Int(size) <= range.upperBound ? start..<start + Int(size) : nil
    }

    /// The first of the protocols that a client offers above TLS.
    func firstProtocol(_ header: borrowing HeaderBytes) -> Range<Int>? {
        guard let range = contents(16, header), let size = header.u8(range.lowerBound + 2) else { return nil }
        let start = range.lowerBound + 3
        return size > 0 && start + Int(size) <= range.upperBound ? start..<start + Int(size) : nil
    }

    /// Values that clients send at random, so that servers do not depend on them (RFC 8701).
    static func isGrease(_ value: UInt16) -> Bool { value & 0x0f0f == 0x0a0a && value >> 8 == value & 0xff }
}
