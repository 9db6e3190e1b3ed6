public import Diagnosis

/// Finds, for some causes, the very thing that is to blame: one type per kind of culprit.
///
/// A finder names only what the evidence and the state of the machine prove. Where they leave a choice it says so: a wrong
/// culprit sends people the wrong way in the middle of the night.
public protocol CulpritFinder: Sendable {
    /// Slugs of tracers.json's causes.
    static var causes: Set<String> { get }
    /// Those of which its culprit is proof enough where a packet was taken and not answered (`Evidence.silence`).
    static var witnessed: Set<String> { get }

    init()

    func answer(to evidence: Evidence, cause: String, in namespace: any NamespaceView) throws(InspectionFailure)
        -> CulpritAnswer
}

extension CulpritFinder {
    public static var witnessed: Set<String> { [] }
}

/// All finders, asked by cause. Made once; asked from any thread.
public struct CulpritFinders: Sendable {
    private let finders: [String: any CulpritFinder]

    public init() {
        var finders: [String: any CulpritFinder] = [:]
        for finder in Self.all {
            for cause in type(of: finder).causes { finders[cause] = finder }
        }
        self.finders = finders
    }

    /// Whether there is something to look for on the machine.
    public func knows(_ cause: String) -> Bool { finders[cause] != nil }

    public func answer(to evidence: Evidence, cause: String, in namespace: any NamespaceView) -> CulpritAnswer {
        guard let finder = finders[cause] else { return .none }
        guard evidence.silence == nil || type(of: finder).witnessed.contains(cause) else {
            return .unknown(because: "nothing shows that the packet was lost")
        }
        do throws(InspectionFailure) {
            return try finder.answer(to: evidence, cause: cause, in: namespace)
        } catch {
            return .unknown(because: error.description)
        }
    }

    private static var all: [any CulpritFinder] {
        [
            ReversePathCulprit(), ForwardingCulprit(), RouteCulprit(), ListenerCulprit(), SocketQueueCulprit(),
            SocketMemoryCulprit(),
            NeighbourCulprit(), QdiscCulprit(), XDPCulprit(), TrafficControlCulprit(), LinkCulprit(), SysctlCulprit(),
            BridgeCulprit(), MTUCulprit(), TransformCulprit(), NetfilterCulprit(), PacketCulprit(),
            FrameCulprit(), OtherHostCulprit(), VLANCulprit(), MacvlanCulprit(), InactivePortCulprit(),
            UnhandledProtocolCulprit(), TunnelCulprit(), HeaderCulprit(),
            ListenQueueCulprit(), SocketFilterCulprit(), ControlGroupCulprit(), EchoCulprit(), ARPCulprit(),
            ResetCulprit(), IPOptionsCulprit(), WindowCulprit(), ConnectionClashCulprit(), MinimumTTLCulprit(),
            IPVSCulprit(), SecurityModuleCulprit(), NeighbourTableCulprit(), TentativeAddressCulprit(),
            AssociationCulprit(), FragmentCulprit(), IPv6OffCulprit(), MulticastCulprit(),
            TunnelRouteCulprit(), WireGuardCulprit(), ReaderQueueCulprit(), OpenVSwitchCulprit(),
        ]
    }
}
