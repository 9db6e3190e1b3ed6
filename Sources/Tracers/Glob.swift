/// A shell-like pattern for names: `*` any run, `?` any byte, `[a-z]` a byte of the set, `[!a-z]` a byte outside of it.
///
/// Matches the whole name, byte by byte and case-sensitively: kernel names are ASCII.
public struct Glob: Hashable, Sendable, CustomStringConvertible {
    private enum Piece: Hashable, Sendable {
        case byte(UInt8)
        case anyByte
        case anyRun
        case set([ClosedRange<UInt8>], negated: Bool)
    }

    public let description: String
    private let pieces: [Piece]

    /// Any text is a valid pattern: a `[` without `]`, or an empty set, stands for itself.
    public init(_ pattern: String) {
        description = pattern
        var pieces: [Piece] = []
        var rest = Array(pattern.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                if pieces.last != .anyRun { pieces.append(.anyRun) }
            case UInt8(ascii: "?"):
                pieces.append(.anyByte)
            case UInt8(ascii: "["):
                pieces.append(Self.set(&rest) ?? .byte(byte))
            default:
                pieces.append(.byte(byte))
            }
        }
        self.pieces = pieces
    }

    /// Whether the text contains a special character of patterns.
    public static func isPattern(_ text: some StringProtocol) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
    }

    public func matches(_ name: some StringProtocol) -> Bool {
        if let result = name.utf8.withContiguousStorageIfAvailable({ matches(utf8: $0) }) {
            return result
        }
        return Array(name.utf8).withUnsafeBufferPointer { matches(utf8: $0) }
    }

    /// Matches a name in bytes, such as in a scan of /proc/kallsyms. Does not allocate; the worst case takes name ×
    /// pattern steps.
    public func matches(utf8 name: UnsafeBufferPointer<UInt8>) -> Bool {
        var at = 0
        var piece = 0
        // The state to resume if the last run was too short: the run gets one byte longer.
        var retry: (piece: Int, at: Int)?
        while at < name.count {
            if piece < pieces.count, pieces[piece] == .anyRun {
                retry = (piece + 1, at)
                piece += 1
            } else if piece < pieces.count, accepts(pieces[piece], name[at]) {
                piece += 1
                at += 1
            } else if let last = retry {
                retry = (last.piece, last.at + 1)
                piece = last.piece
                at = last.at + 1
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy { $0 == .anyRun }
    }

    private func accepts(_ piece: Piece, _ byte: UInt8) -> Bool {
        switch piece {
        case .byte(let expected): byte == expected
        case .anyByte: true
        case .anyRun: false
        case .set(let ranges, let negated): ranges.contains { $0.contains(byte) } != negated
        }
    }

    /// Parses the set after `[` and consumes it including `]`; returns nil and consumes nothing if it is not a set.
    private static func set(_ rest: inout ArraySlice<UInt8>) -> Piece? {
        guard let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
        var inside = rest[..<end]
        let negated = inside.first == UInt8(ascii: "!") && inside.count > 1
        if negated { inside.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let low = inside.popFirst() {
            if inside.count >= 2, inside.first == UInt8(ascii: "-") {
                inside.removeFirst()
                guard let high = inside.popFirst(), high >= low else { return nil }
                ranges.append(low...high)
            } else {
                ranges.append(low...low)
            }
        }
        rest = rest[(end + 1)...]
        return .set(ranges, negated: negated)
    }
}
