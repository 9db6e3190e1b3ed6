internal import CSyscalls

extension NamespaceHandle {
    /// A number that no other namespace has had since the machine started, unlike the inode number, which the next one gets;
    /// nil before Linux 5.14 (SO_NETNS_COOKIE).
    public func cookie() -> UInt64? {
        var cookie: UInt64 = 0
        return nt_namespace_cookie(entrance, &cookie) == 0 ? cookie : nil
    }

    /// Generation of the nf_tables rules in the namespace, which each transaction increments; nil if not known. Returns nil
    /// without a query if the module is not loaded, since the query would load it.
    public func rulesGeneration() -> UInt32? {
        guard KernelModules.mayBeLoaded("nf_tables") else { return nil }
        var generation: UInt32 = 0
        return nt_nf_tables_generation(entrance, &generation) == 0 ? generation : nil
    }
}
