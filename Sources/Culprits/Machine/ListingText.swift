/// Parsing shared by the listings of tools and of /proc.
extension Collection where Element: StringProtocol {
    /// The word that follows the first `key`: for "pref", "7" of "pref 7".
    func word(after key: String) -> String? {
        guard let place = firstIndex(where: { $0 == key }) else { return nil }
        let next = index(after: place)
        return next == endIndex ? nil : String(self[next])
    }
}

extension BinaryInteger {
    /// Lower case, padded with zeros: "0800".
    func hexadecimal(digits: Int) -> String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(digits - text.count, 0)) + text
    }
}

/// Counters below /proc/net/stat: a line of names, and a line of hexadecimal numbers for each CPU.
struct CPUCounters {
    private let names: [Substring]
    private let rows: [[Substring]]

    /// Returns nil if there is no file, or if it is empty.
    init?(_ text: String?) {
        guard let lines = text?.split(separator: "\n").map({ $0.split { $0 == " " || $0 == "\t" } }),
            let names = lines.first
        else { return nil }
        self.names = names
        rows = Array(lines.dropFirst())
    }

    /// Sum over all CPUs; nil if the kernel has no such counter.
    func sum(_ name: String) -> Int? {
        names.firstIndex { $0 == name }.map { column in
            rows.reduce(0) { $0 + (column < $1.count ? Int($1[column], radix: 16) ?? 0 : 0) }
        }
    }

    /// Value of a counter that is not kept per CPU and is repeated in each line; nil if the kernel has no such counter.
    func first(_ name: String) -> Int? {
        guard let column = names.firstIndex(where: { $0 == name }), let row = rows.first, column < row.count else {
            return nil
        }
        return Int(row[column], radix: 16)
    }
}

/// Counters as /proc/net/snmp and /proc/net/netstat print them: for each protocol a line of names and a line of
/// numbers.
struct ProtocolCounters {
    private let lines: [[Substring]]

    /// Returns nil if there is no file.
    init?(_ text: String?) {
        guard let text else { return nil }
        lines = text.split(separator: "\n").map { $0.split(separator: " ") }
    }

    /// nil if the kernel has no such counter.
    func value(_ name: String, of protocolName: String) -> Int? {
        let own = lines.filter { $0.first == protocolName + ":" }
        guard own.count == 2, let column = own[0].firstIndex(where: { $0 == name }), column < own[1].count else {
            return nil
        }
        return Int(own[1][column])
    }
}
