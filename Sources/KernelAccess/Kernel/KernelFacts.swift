import CLibBPF
import SystemPackage

/// Facts of the running kernel that need neither its types nor its symbols.
public enum KernelFacts {
    /// Whether functions can be probed (CONFIG_KPROBE_EVENTS).
    public static var hasKprobes: Bool { FeatureProbe.kprobePMU() != nil }

    /// Whether one link can attach a program to many functions (kprobe.multi, Linux 5.18).
    public static let hasManyFunctions = FeatureProbe.hasMulti(BPF_TRACE_KPROBE_MULTI)

    /// Whether a program that is attached to many functions can find out at which of them it runs (Linux 5.15).
    public static var functionsHaveCookies: Bool { FeatureProbe.kprobesHaveCookies() }

    /// Functions that can be probed, with `vmlinux` or the name of their module, each once.
    public static func probedFunctions() -> [(module: String, name: String)] {
        if let listed = TraceFS.tracedFunctions() { return listed }
        guard let table = try? SymbolFile().read() else { return [] }
        var known: Set<String> = []
        return table.symbols.compactMap { symbol in
            let module = table.module(of: symbol)
            let name = String(decoding: table.name(of: symbol), as: UTF8.self)
            guard known.insert(module + ":" + name).inserted else { return nil }
            return (module.isEmpty ? "vmlinux" : module, name)
        }
    }

    /// The address of a function or variable; nil without such a symbol, or without the privilege to see addresses.
    public static func address(ofSymbol name: String, module: String?) -> UInt64? {
        guard let file = try? FileDescriptor.open("/proc/kallsyms", .readOnly, options: [.closeOnExec]) else {
            return nil
        }
        defer { try? file.close() }
        var found: UInt64?
        let wanted = module == "vmlinux" ? nil : module
        try? forEachLine(of: file.rawValue) { line -> Bool in
            let words = line.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
            guard words.count >= 3, words[2].elementsEqual(name.utf8) else { return true }
            let home = words.count > 3 ? String(decoding: words[3].dropFirst().dropLast(), as: UTF8.self) : nil
            guard module == nil || home == wanted else { return true }
            found = UInt64(String(decoding: words[0], as: UTF8.self), radix: 16)
            return false
        }
        return found == 0 ? nil : found
    }

    /// Jiffies per second (CONFIG_HZ): the one with which the kernel's count of jiffies fits its clock. The count begins 300
    /// seconds before it needs more than 32 bits (INITIAL_JIFFIES, include/linux/jiffies.h). 1000 if they cannot be read.
    public static func ticksPerSecond() -> UInt64 {
        guard let list = readText("/proc/timer_list"), let now = number(after: "now at ", in: list),
            let jiffies = number(after: "jiffies: ", in: list)
        else { return 1000 }
        func distance(_ frequency: Int64) -> Int64 {
            let count = jiffies - (1 << 32 - 300 * frequency)
            return abs(now / 1_000_000 - count * 1000 / frequency)
        }
        return UInt64([100, 250, 300, 1000].min { distance($0) < distance($1) } ?? 1000)
    }

    private static func number(after word: String, in text: String) -> Int64? {
        guard let place = text.firstRange(of: word) else { return nil }
        return Int64(text[place.upperBound...].prefix { $0.isNumber })
    }

    /// Number of CPUs that the kernel may have.
    public static func possibleCPUs() throws(KernelError) -> Int { try PossibleCPUs.count() }

    /// Category of each tracepoint, by its name. Empty if tracefs cannot be read.
    public static func tracepointCategories() -> [String: String] { TraceFS.tracepointCategories() }
}

extension KernelSymbols {
    /// The symbols of the running kernel, read when the first name is asked for.
    public static func ofKernel() throws(KernelError) -> KernelSymbols { KernelSymbols(try SymbolFile()) }
}
