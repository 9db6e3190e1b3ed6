import Glibc

/// A kernel's version line: major and minor number, which scenarios depend on.
struct KernelVersion: Hashable, Comparable, CustomStringConvertible, Sendable {
    let major: Int
    let minor: Int

    /// Reads `6.12` from `6.12.107+deb13-cloud-amd64`.
    init?(_ text: some StringProtocol) {
        let numbers = text.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
        guard numbers.count == 2, text.first?.isNumber == true else { return nil }
        (major, minor) = (numbers[0], numbers[1])
    }

    /// The running kernel's version, from uname(2).
    static var running: KernelVersion? {
        var names = utsname()
        guard uname(&names) == 0 else { return nil }
        return withUnsafeBytes(of: &names.release) { bytes in
            KernelVersion(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        }
    }

    static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    var description: String { "\(major).\(minor)" }
}

/// A condition on the kernel such as `>=5.17` or `>=5.17 <6.12`; every comparison must hold.
struct KernelCondition: Hashable, Sendable {
    private struct Comparison: Hashable {
        let symbol: String
        let version: KernelVersion
    }

    private let comparisons: [Comparison]

    /// Returns nil if the text is not such a condition.
    init?(_ text: some StringProtocol) {
        var comparisons: [Comparison] = []
        for word in text.split(separator: " ") {
            guard let symbol = [">=", "<=", "=", ">", "<"].first(where: word.hasPrefix),
                word.dropFirst(symbol.count).allSatisfy({ $0.isNumber || $0 == "." }),
                let version = KernelVersion(word.dropFirst(symbol.count))
            else { return nil }
            comparisons.append(Comparison(symbol: symbol, version: version))
        }
        guard !comparisons.isEmpty else { return nil }
        self.comparisons = comparisons
    }

    func holds(for kernel: KernelVersion) -> Bool {
        comparisons.allSatisfy { comparison in
            switch comparison.symbol {
            case ">=": kernel >= comparison.version
            case "<=": kernel <= comparison.version
            case ">": kernel > comparison.version
            case "<": kernel < comparison.version
            default: kernel == comparison.version
            }
        }
    }
}
