/// A part of a probe description: `*`, `?`, `[a-z]`, `[!x]`, and `\` before a character that stands for itself.
struct ProbePattern {
    private enum Piece {
        case byte(UInt8)
        case any
        case anyNumber
        case set([ClosedRange<UInt8>], isNegated: Bool)
    }

    private let pieces: [Piece]

    init(_ text: String) {
        var pieces: [Piece] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"): pieces.append(.anyNumber)
            case UInt8(ascii: "?"): pieces.append(.any)
            case UInt8(ascii: "["):
                guard let (piece, after) = Self.set(rest) else { fallthrough }
                pieces.append(piece)
                rest = after
            case UInt8(ascii: "\\"): pieces.append(.byte(rest.popFirst() ?? byte))
            default: pieces.append(.byte(byte))
            }
        }
        self.pieces = pieces
    }

    /// The set up to its bracket; nil if there is no bracket.
    private static func set(_ text: ArraySlice<UInt8>) -> (Piece, ArraySlice<UInt8>)? {
        guard let end = text.dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
        var inner = text[..<end]
        let isNegated = inner.first == UInt8(ascii: "!")
        if isNegated { inner.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let first = inner.popFirst() {
            if inner.first == UInt8(ascii: "-"), let last = inner.dropFirst().first {
                ranges.append(min(first, last)...max(first, last))
                inner = inner.dropFirst(2)
            } else {
                ranges.append(first...first)
            }
        }
        return (.set(ranges, isNegated: isNegated), text[(end + 1)...])
    }

    func matches(_ text: String) -> Bool {
        let text = Array(text.utf8)
        // The last star, and where it stopped: a mismatch goes on one byte later.
        var (piece, place) = (0, 0)
        var star: (piece: Int, place: Int)?
        while place < text.count {
            if piece < pieces.count, case .anyNumber = pieces[piece] {
                star = (piece, place)
                piece += 1
            } else if piece < pieces.count, Self.fits(pieces[piece], text[place]) {
                piece += 1
                place += 1
            } else if let last = star {
                star = (last.piece, last.place + 1)
                (piece, place) = (last.piece + 1, last.place + 1)
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy { if case .anyNumber = $0 { true } else { false } }
    }

    private static func fits(_ piece: Piece, _ byte: UInt8) -> Bool {
        switch piece {
        case .byte(let wanted): wanted == byte
        case .any, .anyNumber: true
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(byte) } != isNegated
        }
    }
}
