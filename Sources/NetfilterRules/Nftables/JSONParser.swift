/// Parses one JSON document (RFC 8259) from bytes, with a nesting of at most `maximumDepth`.
///
/// Rule sets may have 100,000 set elements, and the owner of a network namespace controls their contents: therefore the
/// time is linear, and the stack bounded.
struct JSONParser {
    private static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position = 0

    static func parse(_ text: String) throws(RulesetError) -> JSONValue {
        var parser = JSONParser(bytes: Array(text.utf8))
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == parser.bytes.count else { throw parser.unexpected("text behind the end") }
        return value
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func unexpected(_ what: String) -> RulesetError {
        .notJSON(what: what, offset: position)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func take(word: String) throws(RulesetError) {
        guard bytes[position...].starts(with: word.utf8) else { throw unexpected("unknown word") }
        position += word.utf8.count
    }

    private mutating func value(depth: Int) throws(RulesetError) -> JSONValue {
        guard depth < Self.maximumDepth else { throw unexpected("too many nested values") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try take(word: "true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try take(word: "false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try take(word: "null")
            return .null
        case .some: return try number()
        case nil: throw unexpected("the text ends early")
        }
    }

    private mutating func object(depth: Int) throws(RulesetError) -> JSONValue {
        var members: [String: JSONValue] = [:]
        position += 1
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw unexpected("a member without a name") }
            let name = try string()
            skipSpace()
            guard take(":") else { throw unexpected("a member without a value") }
            members[name] = try value(depth: depth + 1)
            skipSpace()
        } while take(",")
        guard take("}") else { throw unexpected("an object without an end") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(RulesetError) -> JSONValue {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw unexpected("an array without an end") }
        return .array(elements)
    }

    private mutating func number() throws(RulesetError) -> JSONValue {
        let start = position
        _ = take("-")
        while let byte = next, 0x30...0x39 ~= byte { position += 1 }
        guard let number = Int64(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw unexpected("neither a value nor a whole number of 64 bits")
        }
        return .number(number)
    }

    private mutating func string() throws(RulesetError) -> String {
        var text: [UInt8] = []
        position += 1
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            default: text.append(byte)
            }
        }
        throw unexpected("a string without an end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(RulesetError) {
        guard let byte = next else { throw unexpected("a string without an end") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "u"):
            let digits = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
            guard digits.utf8.count == 4, let code = UInt32(digits, radix: 16) else { throw unexpected("a bad escape") }
            position += 4
            // Half of a surrogate pair is not a character; nft never writes one.
            text += Array(String(Character(Unicode.Scalar(code) ?? "\u{fffd}")).utf8)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        default: throw unexpected("a bad escape")
        }
    }
}
