internal import CSyscalls

extension NamespaceHandle {
    /// How many transactions nf_tables has seen in the namespace, which each change of its rules makes one more; nil: not
    /// known. Asked only where nf_tables is there, for the question would load it.
    public func rulesGeneration() -> UInt32? {
        guard KernelModules.mayBeLoaded("nf_tables") else { return nil }
        var generation: UInt32 = 0
        return nt_nf_tables_generation(entrance, &generation) == 0 ? generation : nil
    }
}
