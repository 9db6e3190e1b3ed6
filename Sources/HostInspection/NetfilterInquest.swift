public import NetfilterRules
internal import SystemPackage

/// Finds out which netfilter rule ended a packet, by the rules of the packet's network namespace as they are now.
///
/// Listing the rules takes some 20 to 100 ms and up to a few seconds; ask once per kind of drop, not per packet.
public struct NetfilterInquest: ~Copyable {
    private let handle: NamespaceHandle
    private var earlier: Ruleset?

    /// - Parameter namespace: the inode of the packet's network namespace.
    public init(namespace: UInt64) throws(InspectionError) {
        handle = try NamespaceHandle(inode: namespace)
    }

    /// What was found, and what the answer lacks.
    public struct Finding: Sendable {
        public var answer: Answer
        /// NFQUEUE's queues that have a listener, by number; nil if that cannot be known.
        public var queuesWithListener: Set<UInt16>?
        /// Tools that were needed and could not be asked. An answer is then never a single culprit, unless the trace saw
        /// that its engine is the right one.
        public var problems: [InspectionError]
    }

    /// Keeps the rules' counters as they are now. Later drops are then compared with it: a rule whose counter stands still
    /// is no suspect. Worth a call before the trace begins.
    public mutating func takeSnapshot() throws(InspectionError) {
        earlier = try Self.ruleset(RulesetCollector(handle).listings)
    }

    /// Who ended the packet.
    public func culprit(of crossing: HookCrossing) throws(InspectionError) -> Finding {
        let collector = RulesetCollector(handle)
        let ruleset = try Self.ruleset(collector.listings)
        let problems = collector.problems.filter { crossing.engine == nil || crossing.engine == $0.engine }.map(\.error)
        var answer = ruleset.culprit(of: crossing, before: earlier)
        if !problems.isEmpty {
            let reasons = ["rules that could not be listed"]
            switch answer {
            case .culprit(let suspect): answer = .candidates([suspect], because: reasons)
            case .candidates(let suspects, let because): answer = .candidates(suspects, because: because + reasons)
            case .nothing: answer = .candidates([], because: reasons)
            }
        }
        return Finding(answer: answer, queuesWithListener: queuesWithListener(), problems: problems)
    }

    private static func ruleset(_ listings: RulesetListings) throws(InspectionError) -> Ruleset {
        do throws(RulesetError) {
            return try Ruleset(listings)
        } catch {
            throw .notUnderstood(reason: "\(error)")
        }
    }

    /// The first column of nfnetlink_queue (net/netfilter/nfnetlink_queue.c, seq_show). No file: nobody ever listened.
    private func queuesWithListener() -> Set<UInt16>? {
        do throws(InspectionError) {
            let text = try handle.read("/proc/thread-self/net/netfilter/nfnetlink_queue")
            return Set(
                text.split(separator: "\n").compactMap { line in
                    line.split(separator: " ").first.flatMap { UInt16($0) }
                })
        } catch .cannotRead(_, .noSuchFileOrDirectory) {
            return []
        } catch {
            return nil
        }
    }
}
