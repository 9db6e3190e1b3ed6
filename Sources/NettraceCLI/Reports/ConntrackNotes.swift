import Glibc
import KernelAccess

/// Notes on the parts of connection tracking that this machine cannot show.
enum ConntrackNotes {
    static func ofThisMachine(_ options: TraceOptions) -> [String] {
        guard options.configuration.sections.contains(.conntrack) else { return [] }
        let modules = "/sys/module"
        return notes(
            isLoaded: !exists(modules) || exists(modules + "/nf_conntrack"),
            hasTypes: options.configuration.types?.haveConntrack != false || exists("/sys/kernel/btf/nf_conntrack"))
    }

    /// - Parameters:
    ///   - isLoaded: the kernel has connection tracking, or whether it has is not known.
    ///   - hasTypes: it is known how the kernel lays out its entries.
    static func notes(isLoaded: Bool, hasTypes: Bool) -> [String] {
        switch (isLoaded, hasTypes) {
        case (true, true): []
        case (false, true):
            ["connection tracking (nf_conntrack) is not loaded: -o ct shows 'none' until a rule or modprobe loads it"]
        case (true, false):
            [
                "the kernel has no type information (BTF) of connection tracking: -o ct shows states, but no addresses, "
                    + "marks or zones"
            ]
        case (false, false):
            [
                "connection tracking (nf_conntrack) is not loaded, nor is its type information (BTF): load it before the "
                    + "trace starts (modprobe nf_conntrack), or -o ct shows no more than states"
            ]
        }
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
