public import Diagnosis
public import Tracers

/// Finds the culprit for some causes: one type per kind of culprit.
///
/// A finder names only culprits that the evidence and the state of the machine prove, and reports every remaining choice: a
/// wrong culprit costs an operator more time than none.
public protocol CulpritFinder: Sendable {
    /// Slugs of causes in tracers.json.
    static var causes: Set<String> { get }
    /// Causes whose culprit is sufficient proof when a packet was received but not answered (`Evidence.unanswered`).
    static var witnessed: Set<String> { get }

    func answer(to evidence: Evidence, cause: String, in namespace: any NamespaceView) throws(InspectionFailure)
        -> CulpritAnswer
}

extension CulpritFinder {
    public static var witnessed: Set<String> { [] }
}

/// All finders, by cause. Created once; may be used from any thread.
public struct CulpritFinders: Sendable {
    private let finders: [String: any CulpritFinder]

    /// - Parameter netfilter: the functions that show at which hook of netfilter a packet was.
    public init(netfilter: NetfilterPlaces) {
        var finders: [String: any CulpritFinder] = [:]
        for finder in Self.all(NetfilterHookTable(netfilter)) {
            for cause in type(of: finder).causes { finders[cause] = finder }
        }
        self.finders = finders
    }

    /// Whether a finder exists for the cause.
    public func knows(_ cause: String) -> Bool { finders[cause] != nil }

    public func answer(to evidence: Evidence, cause: String, in namespace: any NamespaceView) -> CulpritAnswer {
        guard let finder = finders[cause] else { return .none }
        guard evidence.unanswered == nil || type(of: finder).witnessed.contains(cause) else {
            return .unknown(because: "nothing shows that the packet was lost")
        }
        do throws(InspectionFailure) {
            return try finder.answer(to: evidence, cause: cause, in: namespace)
        } catch {
            return .unknown(because: error.description)
        }
    }

    private static func all(_ hooks: NetfilterHookTable) -> [any CulpritFinder] {
        [
            ReversePathCulprit(), ForwardingCulprit(), RouteCulprit(), ListenerCulprit(), SocketQueueCulprit(),
            SocketMemoryCulprit(),
            NeighbourCulprit(), QdiscCulprit(), XDPCulprit(), TrafficControlCulprit(), LinkCulprit(), SysctlCulprit(),
            BridgeCulprit(), MTUCulprit(), TransformCulprit(), NetfilterCulprit(hooks: hooks), PacketCulprit(),
            FrameCulprit(), OtherHostCulprit(), VLANCulprit(), MacvlanCulprit(), InactivePortCulprit(),
            UnhandledProtocolCulprit(), TunnelCulprit(), HeaderCulprit(),
            ListenQueueCulprit(), SocketFilterCulprit(), ControlGroupCulprit(), EchoCulprit(), ARPCulprit(),
            ResetCulprit(), IPOptionsCulprit(), WindowCulprit(), ConnectionClashCulprit(hooks: hooks),
            MinimumTTLCulprit(),
            IPVSCulprit(hooks: hooks), SecurityModuleCulprit(), NeighbourTableCulprit(), TentativeAddressCulprit(),
            AssociationCulprit(), FragmentCulprit(), IPv6OffCulprit(), MulticastCulprit(),
            TunnelRouteCulprit(), TunnelHeaderCulprit(), WireGuardCulprit(), ReaderQueueCulprit(), OpenVSwitchCulprit(),
        ]
    }
}
