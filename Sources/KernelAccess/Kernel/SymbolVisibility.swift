import KernelTypes

/// Whether this process can read the addresses of the kernel's functions, which function hooks need.
public enum SymbolVisibility: Sendable {
    case shown
    case lacksCapability
    /// kernel.kptr_restrict is 2, and this kernel has no iterator over symbols besides /proc/kallsyms.
    case restricted

    public static func current() -> SymbolVisibility {
        guard CapabilitySet.symbols.missing(from: .current()).isEmpty else { return .lacksCapability }
        if (try? SymbolFile())?.showsAddresses() == true { return .shown }
        guard let types = try? TypeTable.ofKernel() else { return .restricted }
        return EntrySymbols(types) == nil ? .restricted : .shown
    }
}
