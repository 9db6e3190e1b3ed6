import HostInspection
import NetfilterRules
import Synchronization

/// Netfilter rules of some namespaces, listed before the drops: rules may change between a packet's end and the search for the
/// rule that it met.
public final class RulesetArchive: Sendable {
    /// A namespace. The kernel gives the inode number of one that is gone to a new one.
    struct Identity: Hashable {
        var inode: UInt32
        /// nil before Linux 5.14.
        var cookie: UInt64?
    }

    /// The latest listings of each namespace, oldest first.
    private let listings = Mutex<[Identity: [RulesetListings]]>([:])

    /// Number of listings per namespace. Drops are examined some time after they happened, so that the latest listing may be
    /// too young.
    private static let kept = 4
    /// Number of namespaces that are listed ahead: each costs several processes.
    private static let limit = 32
    /// Number of namespaces that are checked for rules: thousands of them would take seconds.
    private static let looked = 256

    public init() {}

    /// Lists the current rules of namespaces. Starts no process for a namespace without rules.
    ///
    /// - Parameter namespaces: inode numbers; empty for all that can be found.
    public func list(onlyOf namespaces: Set<UInt32>) {
        let inodes = namespaces.isEmpty ? Array(NamespaceHandle.knownInodes().prefix(Self.looked)) : namespaces.sorted()
        var listed = 0
        for inode in inodes where listed < Self.limit {
            guard let namespace = try? MachineNamespace(inode: inode), Self.hasRules(namespace) else { continue }
            keep(RulesetCollector(namespace).listings, of: namespace.identity)
            listed += 1
        }
    }

    /// Keeps the listing of an inspection, which may answer a later one.
    func keep(_ new: RulesetListings, of namespace: Identity) {
        listings.withLock { all in
            for other in all.keys where other.inode == namespace.inode && other != namespace { all[other] = nil }
            all[namespace, default: []].append(new)
            // The first listing is kept, since it is older than any drop.
            if all[namespace, default: []].count > Self.kept { all[namespace]?.remove(at: 1) }
        }
    }

    func listings(of namespace: Identity, before time: UInt64) -> RulesetListings? {
        listings.withLock { all in
            all[namespace]?.last { $0.completeAt.map { $0 < time } ?? false }
        }
    }

    /// A namespace without rules has generation 1 (net/netfilter/nf_tables_api.c, nf_tables_init_net) or 0.
    private static func hasRules(_ namespace: any NamespaceView) -> Bool {
        namespace.rulesGeneration().map { $0 > 1 } ?? false
            || ["ip_tables_names", "ip6_tables_names"].contains { namespace.file($0)?.isEmpty == false }
    }
}
