internal import Glibc
internal import NetfilterRules

/// Asks the tools for all netfilter rules of a namespace. Tools whose part of the kernel is not in use are not asked, for
/// asking would load its module.
struct RulesetCollector {
    private(set) var listings = RulesetListings()
    /// What could not be learnt, by the engine that it concerns.
    private(set) var problems: [(engine: RuleEngine, error: InspectionError)] = []

    private static let nft = "nftables"
    private static let iptables = "iptables"
    /// Tables that iptables-nft makes (iptables' nft.c).
    private static let iptablesTables: Set<String> = ["filter", "nat", "mangle", "raw", "security"]

    init(_ handle: borrowing NamespaceHandle) {
        listings.begunAt = Clock.now
        if KernelModules.mayBeLoaded("nf_tables") { collectNftables(handle) }
        collectLegacy(handle)
        listings.fibTrie = try? handle.read("/proc/thread-self/net/fib_trie")
        listings.interfaceAddresses6 = try? handle.read("/proc/thread-self/net/if_inet6")
        listings.completeAt = Clock.now
    }

    private mutating func collectNftables(_ handle: borrowing NamespaceHandle) {
        listings.nftablesJSON = output(
            .nftables, handle, HostCommand("nft", ["-j", "list", "ruleset"], package: Self.nft))
        listings.nftablesText = output(
            .nftables, handle, HostCommand("nft", ["-a", "list", "ruleset"], package: Self.nft))
        guard let text = listings.nftablesText else { return }
        // iptables-nft refuses, or shows little of, tables that nft made; what it cannot show stays as nft shows it.
        let tables = text.split(separator: "\n").filter { $0.hasPrefix("table ") }.map { $0.split(separator: " ") }
        let families = tables.filter { $0.count > 2 && Self.iptablesTables.contains(String($0[2])) }.map { $0[1] }
        if families.contains("ip") { listings.iptablesNft = saved(handle, "iptables", "nft") }
        if families.contains("ip6") { listings.ip6tablesNft = saved(handle, "ip6tables", "nft") }
    }

    private mutating func collectLegacy(_ handle: borrowing NamespaceHandle) {
        for (names, tool) in [("ip_tables_names", "iptables"), ("ip6_tables_names", "ip6tables")] {
            // Lists the tables in use; there is no such file without the module.
            guard let tables = try? handle.read("/proc/thread-self/net/" + names, limit: 4096), !tables.isEmpty else {
                continue
            }
            let text: String?
            if HostCommand("\(tool)-legacy-save", package: Self.iptables).isInstalled {
                text = output(.xtables, handle, HostCommand("\(tool)-legacy-save", ["-c"], package: Self.iptables))
            } else if let plain = plain(handle, tool), !plain.isNft {
                text = output(.xtables, handle, plain.command)
            } else {
                text = nil
                problems.append((.xtables, .notInstalled(command: "\(tool)-legacy-save", package: Self.iptables)))
            }
            if tool == "iptables" { listings.iptablesLegacy = text } else { listings.ip6tablesLegacy = text }
        }
    }

    /// Rules that are missing here are shown by nft, if less well: no problem is noted.
    private func saved(_ handle: borrowing NamespaceHandle, _ tool: String, _ kind: String) -> String? {
        let own = HostCommand("\(tool)-\(kind)-save", ["-c"], package: Self.iptables)
        if own.isInstalled { return try? handle.run(own) }
        guard let plain = plain(handle, tool), plain.isNft else { return nil }
        return try? handle.run(plain.command)
    }

    /// iptables-save, which is of the kind that its version tells: "iptables-save v1.8.9 (nf_tables)".
    private func plain(_ handle: borrowing NamespaceHandle, _ tool: String) -> (command: HostCommand, isNft: Bool)? {
        let version = HostCommand("\(tool)-save", ["-V"], package: Self.iptables)
        guard let text = try? handle.run(version) else { return nil }
        return (HostCommand("\(tool)-save", ["-c"], package: Self.iptables), text.contains("nf_tables"))
    }

    private mutating func output(
        _ engine: RuleEngine, _ handle: borrowing NamespaceHandle, _ command: HostCommand
    ) -> String? {
        do throws(InspectionError) {
            return try handle.run(command)
        } catch {
            problems.append((engine, error))
            return nil
        }
    }
}

/// What the kernel has loaded.
enum KernelModules {
    /// False only if the module is known to be neither loaded nor built in.
    static func mayBeLoaded(_ name: String) -> Bool {
        guard let loaded = text("/proc/modules") else { return true }
        if loaded.split(separator: "\n").contains(where: { $0.hasPrefix(name + " ") }) { return true }
        var system = utsname()
        guard uname(&system) == 0 else { return true }
        let release = withUnsafePointer(to: &system.release) {
            $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                String(cString: $0)
            }
        }
        guard let builtIn = text("/lib/modules/\(release)/modules.builtin") else { return true }
        return builtIn.split(separator: "\n").contains { $0.hasSuffix("/\(name).ko") }
    }

    private static func text(_ path: String) -> String? {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(fd, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
