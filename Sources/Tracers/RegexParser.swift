/// A regular expression as a tree.
indirect enum RegexNode {
    case bytes(ByteSet)
    case start
    case end
    case sequence([RegexNode])
    case choice([RegexNode])
    /// `most`: nil if unlimited.
    case repeated(RegexNode, least: Int, most: Int?)
}

/// Parses text into a tree. Depth and repeats are limited, which bounds time and memory.
struct RegexParser {
    private let text: [UInt8]
    private var at = 0
    private var depth = 0

    private static let deepest = 100
    private static let mostRepeats = 1000

    static func parse(_ source: String) throws(RegexFault) -> RegexNode {
        var parser = RegexParser(text: Array(source.utf8))
        let node = try parser.choice()
        guard parser.at == parser.text.count else { throw RegexFault(reason: "a ) that no ( opens") }
        return node
    }

    private init(text: [UInt8]) { self.text = text }

    private var next: UInt8? { at < text.count ? text[at] : nil }

    private mutating func take(_ characters: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount)
        guard text[at...].starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    private mutating func choice() throws(RegexFault) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw RegexFault(reason: "more than \(Self.deepest) groups in each other") }
        var choices = [try sequence()]
        while take("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws(RegexFault) -> RegexNode {
        var nodes: [RegexNode] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            nodes.append(try repeats(of: try atom()))
        }
        return .sequence(nodes)
    }

    private mutating func repeats(of node: RegexNode) throws(RegexFault) -> RegexNode {
        var node = node
        var count = 0
        while true {
            count += 1
            guard count <= Self.deepest else { throw RegexFault(reason: "repeats of repeats of repeats") }
            if take("*") {
                node = .repeated(node, least: 0, most: nil)
            } else if take("+") {
                node = .repeated(node, least: 1, most: nil)
            } else if take("?") {
                // `?` after another repeat makes it lazy, which does not change whether a name matches.
                if case .repeated = node { continue }
                node = .repeated(node, least: 0, most: 1)
            } else if let bounds = try bounds() {
                node = .repeated(node, least: bounds.least, most: bounds.most)
            } else {
                return node
            }
        }
    }

    /// Parses `{2}`, `{2,}` and `{2,4}`; nil for a brace that stands for itself.
    private mutating func bounds() throws(RegexFault) -> (least: Int, most: Int?)? {
        let start = at
        guard take("{") else { return nil }
        let least = number()
        let isRange = take(",")
        let most = isRange ? number() : least
        guard take("}"), least != nil || most != nil else {
            at = start
            return nil
        }
        guard (least ?? 0) <= Self.mostRepeats, (most ?? 0) <= Self.mostRepeats else {
            throw RegexFault(reason: "more than \(Self.mostRepeats) repeats")
        }
        if let most, most < least ?? 0 { throw RegexFault(reason: "{\(least ?? 0),\(most)} goes down") }
        return (least ?? 0, most)
    }

    private mutating func number() -> Int? {
        let start = at
        var value = 0
        while let byte = next, ByteSet.digits.contains(byte) {
            value = min(value * 10 + Int(byte - UInt8(ascii: "0")), Self.mostRepeats + 1)
            at += 1
        }
        return at > start ? value : nil
    }

    private mutating func atom() throws(RegexFault) -> RegexNode {
        if take("(") { return try group() }
        if take("[") { return .bytes(try bracket()) }
        if take(".") { return .bytes(.any) }
        if take("^") { return .start }
        if take("$") { return .end }
        if take("\\") { return try escape() }
        for sign in ["*", "+", "?"] where next == sign.utf8.first {
            throw RegexFault(reason: "nothing stands before a \(sign)")
        }
        // All other bytes stand for themselves, including closing brackets and braces.
        let byte = text[at]
        at += 1
        return .bytes(ByteSet(CollectionOfOne(byte)))
    }

    private mutating func group() throws(RegexFault) -> RegexNode {
        if !take("?:"), next == UInt8(ascii: "?") {
            throw RegexFault(reason: "(? begins something that is not known here; only (?:…) is")
        }
        let node = try choice()
        guard take(")") else { throw RegexFault(reason: "a ( that no ) closes") }
        return .sequence([node])
    }

    private mutating func escape() throws(RegexFault) -> RegexNode {
        if take("A") { return .start }
        if take("z") || take("Z") { return .end }
        return .bytes(try escapedSet())
    }

    /// The set for a backslash and a character.
    private mutating func escapedSet() throws(RegexFault) -> ByteSet {
        guard let byte = next else { throw RegexFault(reason: "nothing stands after the last \\") }
        at += 1
        switch byte {
        case UInt8(ascii: "d"): return .digits
        case UInt8(ascii: "D"): return ByteSet.digits.inverted
        case UInt8(ascii: "w"): return .word
        case UInt8(ascii: "W"): return ByteSet.word.inverted
        case UInt8(ascii: "s"): return .space
        case UInt8(ascii: "S"): return ByteSet.space.inverted
        case _ where ByteSet.letters.union(.digits).contains(byte):
            throw RegexFault(reason: "\\\(Character(UnicodeScalar(byte))) is not known here")
        default: return ByteSet(CollectionOfOne(byte))
        }
    }

    /// Parses a set after its opening bracket.
    private mutating func bracket() throws(RegexFault) -> ByteSet {
        let isInverted = take("^")
        var set = ByteSet()
        var isFirst = true
        while isFirst || next != UInt8(ascii: "]") {
            guard next != nil else { throw RegexFault(reason: "a [ that no ] closes") }
            isFirst = false
            if take("[:") {
                set = set.union(try namedClass())
            } else if take("\\") {
                set = set.union(try escapedSet())
            } else {
                try addRange(to: &set)
            }
        }
        at += 1
        return isInverted ? set.inverted : set
    }

    private mutating func namedClass() throws(RegexFault) -> ByteSet {
        let start = at
        while let byte = next, ByteSet.letters.contains(byte) { at += 1 }
        let name = String(decoding: text[start..<at], as: UTF8.self)
        guard take(":]"), let set = ByteSet.named[name] else {
            throw RegexFault(reason: "[:\(name):] is not known here")
        }
        return set
    }

    /// Parses `a` or `a-z`.
    private mutating func addRange(to set: inout ByteSet) throws(RegexFault) {
        let first = text[at]
        at += 1
        guard next == UInt8(ascii: "-"), at + 1 < text.count, text[at + 1] != UInt8(ascii: "]") else {
            return set.insert(first)
        }
        let last = text[at + 1]
        at += 2
        guard first <= last else { throw RegexFault(reason: "a range in [] goes down") }
        for byte in first...last { set.insert(byte) }
    }
}
