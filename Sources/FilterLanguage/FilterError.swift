/// An error in a filter, with its place.
public struct FilterError: Error, Equatable, CustomStringConvertible {
    public let message: String
    /// The whole filter, in one line.
    public let source: String
    /// The first character is column 1.
    public let column: Int

    init(_ message: String, _ source: String, at offset: Int) {
        self.message = message
        self.source = String(source.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : Character($0) })
        column = min(max(offset, 0), source.utf8.count) + 1
    }

    /// The message, the filter, and a caret under the place. A long filter is cut around the place.
    public var description: String {
        let bytes = Array(source.utf8)
        let start = max(0, min(column - 1, bytes.count) - 50)
        let end = min(bytes.count, start + 100)
        let shown = String(decoding: bytes[start..<end], as: UTF8.self)
        let caret = String(repeating: " ", count: column - 1 - start) + "^"
        return "filter: \(message) at column \(column)\n  \(shown)\n  \(caret)"
    }
}

/// The names that are most like a given one.
enum NearestNames {
    /// `: did you mean tcp.dport?`, or an empty text if no name is similar. The prefix is shown before each name.
    static func hint(for name: String, among names: some Sequence<String>, prefix: String = "") -> String {
        let limit = max(1, name.utf8.count / 3)
        let wanted = Array(name.lowercased().utf8.prefix(64))
        let near = names.map { ($0, distance(wanted, Array($0.lowercased().utf8))) }.filter { $0.1 <= limit }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(3).map(\.0)
        return near.isEmpty ? "" : ": did you mean \(near.map { prefix + $0 }.joined(separator: " or "))?"
    }

    /// The number of characters to insert, to remove, to replace or to exchange with a neighbour.
    static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...other.count)
        for (row, byte) in one.enumerated() {
            var current = [row + 1]
            for (column, against) in other.enumerated() {
                var cost = min(current[column] + 1, last[column + 1] + 1, last[column] + (byte == against ? 0 : 1))
                if row > 0, column > 0, byte == other[column - 1], one[row - 1] == against {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            before = last
            last = current
        }
        return last[other.count]
    }
}
