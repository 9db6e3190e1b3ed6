/// Facts of the running kernel that need neither its types nor its symbols.
public enum KernelFacts {
    /// Whether functions can be probed (CONFIG_KPROBE_EVENTS).
    public static var hasKprobes: Bool { FeatureProbe.kprobePMU() != nil }

    /// Number of CPUs that the kernel may have.
    public static func possibleCPUs() throws(KernelError) -> Int { try PossibleCPUs.count() }

    /// Category of each tracepoint, by its name. Empty if tracefs cannot be read.
    public static func tracepointCategories() -> [String: String] { TraceFS.tracepointCategories() }
}

extension KernelSymbols {
    /// The symbols of the running kernel, read when the first name is asked for.
    public static func ofKernel() throws(KernelError) -> KernelSymbols { KernelSymbols(try SymbolFile()) }
}
