internal import CSyscalls

extension NamespaceHandle {
    /// Generation of the nf_tables rules in the namespace, which each transaction increments; nil if not known. Returns nil
    /// without a query if the module is not loaded, since the query would load it.
    public func rulesGeneration() -> UInt32? {
        guard KernelModules.mayBeLoaded("nf_tables") else { return nil }
        var generation: UInt32 = 0
        return nt_nf_tables_generation(entrance, &generation) == 0 ? generation : nil
    }
}
