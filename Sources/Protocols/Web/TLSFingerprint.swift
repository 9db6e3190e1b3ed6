/// Fingerprints of the first message of TLS, which are alike for all connections of a program: JA3 and JA3S (of client
/// and server), and JA4 of clients.
struct TLSFingerprint {
    private let hello: TLSHello
    private let ciphers: [UInt16]
    private var types: [UInt16] = []
    private let groups: [UInt16]
    private let formats: [UInt8]
    private let algorithms: [UInt16]
    private let versions: [UInt16]
    private let hasName: Bool
    /// The first and the last byte of the first protocol that a client offers.
    private let ends: (UInt8, UInt8)?

    /// Nil unless the whole message was captured.
    init?(_ header: borrowing HeaderBytes, at start: Int) {
        guard let hello = TLSHello(header, at: start), hello.end <= header.capturedCount else { return nil }
        self.hello = hello
        var found: [UInt16] = []
        guard
            hello.walk(
                header,
                { type, _ in
                    found.append(UInt16(truncatingIfNeeded: type))
                    return true
                }) == .absent
        else { return nil }
        types = found.filter { !TLSHello.isGrease($0) }
        func list(_ range: Range<Int>?, after head: Int) -> [UInt16] {
            hello.numbers(in: range, after: head, header).filter { !TLSHello.isGrease($0) }
        }
        ciphers = list(hello.ciphers, after: 0)
        groups = list(hello.contents(10, header), after: 2)
        formats = (hello.contents(11, header)?.dropFirst() ?? 0..<0).compactMap { header.u8($0) }
        algorithms = list(hello.contents(13, header), after: 2)
        versions = list(hello.contents(43, header), after: 1)
        hasName = hello.contents(0, header) != nil
        ends = hello.firstProtocol(header).flatMap { range in
            guard let first = header.u8(range.lowerBound), let last = header.u8(range.upperBound - 1) else {
                return nil
            }
            return (first, last)
        }
    }

    /// 32 hexadecimal digits.
    func appendJA3(to line: inout TextLine) {
        let joined = { (numbers: [UInt16]) in numbers.map { String($0) }.joined(separator: "-") }
        var parts = [String(hello.version), joined(ciphers), joined(types)]
        if hello.isClient { parts += [joined(groups), formats.map { String($0) }.joined(separator: "-")] }
        for byte in MD5.hash(Array(parts.joined(separator: ",").utf8)) { line.appendHex(UInt64(byte), digits: 2) }
    }

    /// `t13d1516h2_8daaf6152771_e5627efa2ab1`
    func appendJA4(isQUIC: Bool, to line: inout TextLine) {
        line.append(isQUIC ? "q" : "t")
        line.append(versionCode)
        line.append(hasName ? "d" : "i")
        for count in [ciphers.count, types.count] {
            line.append(count < 10 ? "0" : "")
            line.appendDecimal(min(count, 99))
        }
        appendProtocol(to: &line)
        line.append("_")
        appendHash(of: texts(ciphers.sorted()), to: &line)
        line.append("_")
        // The name and the protocols differ between servers.
        var others = texts(types.filter { $0 != 0 && $0 != 16 }.sorted())
        if !algorithms.isEmpty { others += "_" + texts(algorithms) }
        appendHash(of: others, to: &line)
    }

    private var versionCode: StaticString {
        switch versions.max() ?? hello.version {
        case 0x0304: "13"
        case 0x0303: "12"
        case 0x0302: "11"
        case 0x0301: "10"
        case 0x0300: "s3"
        case 0x0002: "s2"
        default: "00"
        }
    }

    private func appendProtocol(to line: inout TextLine) {
        guard let ends else { return line.append("00") }
        func isPlain(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte || 0x41...0x5a ~= byte || 0x61...0x7a ~= byte }
        if isPlain(ends.0), isPlain(ends.1) {
            line.append(escaped: ends.0)
            line.append(escaped: ends.1)
        } else {
            line.appendHex(UInt64(ends.0 >> 4), digits: 1)
            line.appendHex(UInt64(ends.1 & 0xf), digits: 1)
        }
    }

    private func texts(_ numbers: [UInt16]) -> String {
        numbers.map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }.joined(separator: ",")
    }

    private func appendHash(of text: String, to line: inout TextLine) {
        guard !text.isEmpty else { return line.append("000000000000") }
        for byte in SHA256.hash(Array(text.utf8)).prefix(6) { line.appendHex(UInt64(byte), digits: 2) }
    }
}
