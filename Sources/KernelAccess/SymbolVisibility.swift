/// Whether this process learns where the kernel's functions are, without which none can be traced.
public enum SymbolVisibility: Sendable {
    case shown
    case lacksCapability
    /// kernel.kptr_restrict is 2, and this kernel has no other list of them than /proc/kallsyms.
    case restricted

    public static func current() -> SymbolVisibility {
        guard CapabilitySet.symbols.missing(from: .current()).isEmpty else { return .lacksCapability }
        if (try? SymbolFile())?.showsAddresses() == true { return .shown }
        guard let types = try? TypeInformation() else { return .restricted }
        return EntrySymbols(types) == nil ? .restricted : .shown
    }
}
