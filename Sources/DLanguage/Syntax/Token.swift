struct Token: Equatable {
    enum Kind: Equatable {
        case end
        /// With the backquotes of a symbol, if it has any.
        case name(String)
        case integer(UInt64, IntegerType)
        case text([UInt8])
        /// `@name`; empty for `@`.
        case aggregation(String)
        /// An operator or bracket.
        case sign(String)
        /// The slash that closes a predicate.
        case predicateEnd
    }

    var kind: Kind
    var position: SourcePosition

    var spelling: String {
        switch kind {
        case .end: "the end of the program"
        case .name(let name): "'\(name)'"
        case .integer(let value, let type): type.isSigned ? "\(Int64(bitPattern: value))" : "\(value)"
        case .text(let text): "\"\(String(decoding: text.prefix(40), as: UTF8.self))\""
        case .aggregation(let name): "'@\(name)'"
        case .sign(let sign): "'\(sign)'"
        case .predicateEnd: "'/'"
        }
    }
}

/// Bytes of D texts.
enum Byte {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }

    static func isNameStart(_ byte: UInt8) -> Bool { byte | 32 >= 97 && byte | 32 <= 122 || byte == 95 }

    static func isName(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte >= 9 && byte <= 13 }

    static func hexadecimal(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 48...57: UInt64(byte - 48)
        case 65...70: UInt64(byte - 55)
        case 97...102: UInt64(byte - 87)
        default: nil
        }
    }

    /// Bytes of a probe description: names, globs, colons, dashes and macro arguments.
    static func isProbe(_ byte: UInt8) -> Bool {
        isName(byte) || "-$:.?*[]!`\\".utf8.contains(byte)
    }
}
