/// Reads one JSON text (RFC 8259). A decoder for values of any type would try one type after the other and throw an
/// error for each wrong one, which took minutes of a guest's time.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0

    /// Returns nil if the text is not exactly one JSON value.
    static func value(of text: some StringProtocol) -> JSONValue? {
        var parser = JSONParser(text)
        guard let value = parser.value() else { return nil }
        parser.skipSpace()
        return parser.next == nil ? value : nil
    }

    private init(_ text: some StringProtocol) {
        bytes = Array(text.utf8)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func value() -> JSONValue? {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return take("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func object() -> JSONValue? {
        var members: [String: JSONValue] = [:]
        let isWhole = list(until: "}") { parser in
            guard let key = parser.string() else { return false }
            parser.skipSpace()
            guard parser.take(":"), let value = parser.value() else { return false }
            members[key] = value
            return true
        }
        return isWhole ? .object(members) : nil
    }

    private mutating func array() -> JSONValue? {
        var elements: [JSONValue] = []
        let isWhole = list(until: "]") { parser in
            guard let value = parser.value() else { return false }
            elements.append(value)
            return true
        }
        return isWhole ? .array(elements) : nil
    }

    /// Reads the elements between the next byte and the end, with commas between them.
    private mutating func list(until end: StaticString, element: (inout JSONParser) -> Bool) -> Bool {
        position += 1
        skipSpace()
        if take(end) { return true }
        while element(&self) {
            skipSpace()
            if take(end) { return true }
            guard take(",") else { return false }
            skipSpace()
        }
        return false
    }

    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        guard next == UInt8(ascii: "\\") else {
            let text = String(validating: bytes[start..<position], as: UTF8.self)
            return take("\"") ? text : nil
        }
        return escapedString(Array(bytes[start..<position]))
    }

    /// Reads the rest of a string from its first backslash on.
    private mutating func escapedString(_ beginning: [UInt8]) -> String? {
        var text = beginning
        while let byte = next, byte >= 0x20 {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                text += Array(String(scalar).utf8)
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard let letter = next else { return nil }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let first = codeUnit() else { return nil }
            guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
            guard take("\\u"), let second = codeUnit(), UTF16.isTrailSurrogate(second) else { return nil }
            return UTF16.decode(UTF16.EncodedScalar([first, second]))
        default: return nil
        }
    }

    /// The four hexadecimal digits of a UTF-16 code unit.
    private mutating func codeUnit() -> UInt16? {
        guard bytes.count - position >= 4 else { return nil }
        let digits = bytes[position..<position + 4]
        position += 4
        guard digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }) else { return nil }
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func number() -> JSONValue? {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        let digits = position
        skipDigits()
        guard position > digits, bytes[digits] != UInt8(ascii: "0") || position == digits + 1 else { return nil }
        let isInteger = !isFollowed(by: ".") && !isFollowed(by: "e") && !isFollowed(by: "E")
        if take(".") {
            guard skipDigits() else { return nil }
        }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard skipDigits() else { return nil }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        return Double(text).map { .number($0) }
    }

    /// Returns false if there is no digit.
    @discardableResult
    private mutating func skipDigits() -> Bool {
        let start = position
        while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
        return position > start
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
    }

    private func isFollowed(by text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    /// Steps over the text if it comes next.
    private mutating func take(_ text: StaticString) -> Bool {
        guard isFollowed(by: text) else { return false }
        position += text.utf8CodeUnitCount
        return true
    }
}
