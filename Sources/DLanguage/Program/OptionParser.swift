import Tracers

extension ProgramOptions {
    enum Origin { case commandLine, pragma, setopt }

    private static let names = [
        "aggrate", "aggsize", "aggsortkey", "aggsortkeypos", "aggsortpos", "aggsortrev", "amin", "bufpolicy",
        "bufresize",
        "bufsize", "cleanrate", "cpu", "defaultargs", "destructive", "dynvarsize", "errtags",
        "flowindent", "maxframes",
        "maxprobes",
        "nspec", "ordered", "quiet", "rawbytes", "specsize", "stackframes", "stackindent", "statusrate", "strsize",
        "switchrate", "temporal", "ustackframes", "zdefs",
    ]

    /// Options of other systems that change nothing here: about user space, C types in files, and their compiler.
    private static let withoutEffect: Set = [
        "amin", "argref", "bpflog", "bpflogsize", "core", "cpphdrs", "cpppath", "ctfpath", "ctypes", "debug", "disasm",
        "droptags", "dtypes", "evaltime", "iregs", "jstackframes", "jstackstrsize", "knodefs", "late", "lazyload",
        "linkmode", "linktype", "lockmem", "modpath", "nolibs", "noresolve", "pgmax", "preallocate", "procfspath",
        "pspec",
        "stdc", "strip", "syslibdir", "tree", "unodefs", "verbose", "version",
    ]

    /// Sets an option; a flag needs no value.
    mutating func set(
        _ name: String, _ value: String?, at position: SourcePosition?, by origin: Origin
    ) throws(Diagnostic) {
        let position = position ?? .none
        given[name] = value ?? ""
        func error(_ message: String, _ advice: String? = nil) -> Diagnostic {
            Diagnostic(
                message, at: position, advice: advice, tag: .init(origin == .commandLine ? "UNKNOWN" : "PRAGMA_OPTSET"))
        }
        func flag() throws(Diagnostic) -> Bool {
            switch value?.lowercased() {
            case nil, "", "1", "on", "true", "yes", "enable", "enabled", "set": return true
            case "0", "off", "false", "no", "disable", "disabled", "unset": return false
            default: throw error("'\(value ?? "")' is no value of the flag '\(name)'", "it takes on or off")
            }
        }
        func number(_ range: ClosedRange<Int>) throws(Diagnostic) -> Int {
            guard let number = Int(value ?? ""), range.contains(number) else {
                throw error(
                    "'\(value ?? "")' is no value of option '\(name)'",
                    "it takes a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        func size() throws(Diagnostic) -> Int {
            guard let size = Self.size(value ?? ""), size <= 1 << 30 else {
                throw error(
                    "'\(value ?? "")' is no size for option '\(name)'", "sizes are as 65536, 64k or 4m, up to 1g")
            }
            return size
        }
        func rate() throws(Diagnostic) -> UInt64 {
            guard let rate = Self.rate(value ?? "") else {
                throw error("'\(value ?? "")' is no rate for option '\(name)'", "rates are as 10hz, 100ms or 5s")
            }
            return rate
        }
        switch name {
        case "quiet": quiet = try flag()
        case "errtags": _ = try flag()
        case _ where Self.withoutEffect.contains(name): break
        case "flowindent": flowindent = try flag()
        case "destructive": destructive = try flag()
        case "rawbytes": rawbytes = try flag()
        case "zdefs": zdefs = try flag()
        case "defaultargs": defaultargs = try flag()
        case "ordered", "temporal": ordered = try flag()
        case "aggsortkey": aggsortkey = try flag()
        case "aggsortrev": aggsortrev = try flag()
        case "aggsortkeypos": aggsortkeypos = try number(0...63)
        case "aggsortpos": aggsortpos = try number(0...63)
        case "switchrate": switchrate = try rate()
        case "aggrate": aggrate = try rate()
        case "cleanrate": cleanrate = try rate()
        case "statusrate": statusrate = try rate()
        case "bufsize": bufsize = try size()
        case "aggsize": aggsize = try size()
        case "dynvarsize": dynvarsize = try size()
        case "specsize": specsize = try size()
        case "strsize":
            strsize = try size()
            guard (2...4096).contains(strsize) else {
                throw error("strings cannot have \(strsize) bytes", "strsize takes 2 to 4096")
            }
        case "nspec": nspec = try number(0...64)
        case "stackframes": stackframes = try number(1...127)
        case "maxframes": maxframes = try number(1...127)
        case "ustackframes": ustackframes = try number(0...1000)
        case "stackindent": stackindent = try number(0...200)
        case "maxprobes": maxprobes = try number(1...1_000_000)
        case "cpu": cpu = try number(0...65535)
        case "bufpolicy":
            guard let policy = BufferPolicy(rawValue: value ?? "") else {
                throw error("'\(value ?? "")' is no value of option 'bufpolicy'", "it takes switch, fill or ring")
            }
            bufpolicy = policy
        case "bufresize":
            guard let resize = BufferResize(rawValue: value ?? "") else {
                throw error("'\(value ?? "")' is no value of option 'bufresize'", "it takes auto or manual")
            }
            bufresize = resize
        default:
            let near = nearestNames(to: name, in: Self.names, limit: 3)
            throw error(
                "there is no option '\(name)'",
                near.isEmpty
                    ? "options: " + Self.names.joined(separator: ", ") : "near: " + near.joined(separator: ", "))
        }
    }

    /// `4m`, `64k`, `65536`.
    private static func size(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number >= 0 else { return nil }
        let shifts = ["": 0, "k": 10, "m": 20, "g": 30, "t": 40]
        guard let shift = shifts[text.dropFirst(digits.count).lowercased()] else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: 1 << shift)
        return overflows ? nil : product
    }

    /// Nanoseconds between two events: `10hz` ten times a second, `100ms` after each 100 ms; a bare number is hz.
    private static func rate(_ text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits), number > 0, number <= 1_000_000_000 else { return nil }
        let units: [String: UInt64] = [
            "ns": 1, "nsec": 1, "us": 1000, "usec": 1000, "ms": 1_000_000, "msec": 1_000_000, "s": 1_000_000_000,
            "sec": 1_000_000_000, "m": 60_000_000_000, "min": 60_000_000_000, "h": 3_600_000_000_000,
            "hour": 3_600_000_000_000, "d": 86_400_000_000_000, "day": 86_400_000_000_000,
        ]
        let unit = text.dropFirst(digits.count).lowercased()
        if unit.isEmpty || unit == "hz" { return max(1, 1_000_000_000 / number) }
        guard let factor = units[unit] else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows ? nil : product
    }
}
