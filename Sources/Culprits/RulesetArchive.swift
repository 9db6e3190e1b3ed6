import HostInspection
import NetfilterRules
import Synchronization

/// Listings of the netfilter rules of some namespaces from before the drops that are asked about: rules may change between a
/// packet's end and the question which of them it met.
public final class RulesetArchive: Sendable {
    /// Of each namespace the latest listings, the oldest first.
    private let listings = Mutex<[UInt32: [RulesetListings]]>([:])

    /// Drops are asked about some time after they happened, so that the very latest listing may be too young.
    private static let kept = 4
    /// Namespaces beyond are not listed ahead: each costs several processes.
    private static let limit = 32
    /// Nor are those beyond looked at: with thousands of them that takes seconds.
    private static let looked = 256

    public init() {}

    /// Lists the rules of namespaces as they are now. Where there are none nothing is started.
    ///
    /// - Parameter namespaces: their inodes; empty: all that can be found.
    public func list(onlyOf namespaces: Set<UInt32>) {
        let inodes = namespaces.isEmpty ? Array(NamespaceHandle.knownInodes().prefix(Self.looked)) : namespaces.sorted()
        var listed = 0
        for inode in inodes where listed < Self.limit {
            guard let namespace = try? MachineNamespace(inode: inode), Self.hasRules(namespace) else { continue }
            keep(RulesetCollector(namespace).listings, of: inode)
            listed += 1
        }
    }

    /// Keeps what was found out for a question: it may answer a later one.
    func keep(_ new: RulesetListings, of inode: UInt32) {
        listings.withLock { all in
            all[inode, default: []].append(new)
            // The first one is older than any drop.
            if all[inode, default: []].count > Self.kept { all[inode]?.remove(at: 1) }
        }
    }

    func listings(of inode: UInt32, before time: UInt64) -> RulesetListings? {
        listings.withLock { all in
            all[inode]?.last { $0.completeAt.map { $0 < time } ?? false }
        }
    }

    /// A namespace begins with generation 1 (net/netfilter/nf_tables_api.c, nf_tables_init_net), or with 0.
    private static func hasRules(_ namespace: any NamespaceView) -> Bool {
        namespace.rulesGeneration().map { $0 > 1 } ?? false
            || ["ip_tables_names", "ip6_tables_names"].contains { namespace.file($0)?.isEmpty == false }
    }
}
