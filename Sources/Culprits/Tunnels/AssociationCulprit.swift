import Diagnosis
import Netlink
import Protocols

/// The security association that a protected packet asks for, if it does not exist or has refused packets.
struct AssociationCulprit: CulpritFinder {
    static let causes: Set = ["xfrm-state"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard evidence.function == "xfrm_input", let key = Association.Key(evidence) else {
            return .unknown(because: "the trace does not show which association it was for")
        }
        let all = try namespace.all(XfrmStates()).compactMap(Association.init)
        let wanted = "\(key.transform) \(Association.text(key.index)) to \(key.destination)"
        guard let association = all.first(where: { $0.key == key }) else {
            let others = all.filter { $0.key.transform == key.transform && $0.key.destination == key.destination }
            return .found(
                Culprit(
                    kind: "xfrm-state", name: "no association \(wanted)",
                    details: [
                        others.isEmpty
                            ? "there is none to \(key.destination) at all"
                            : "there is " + others.map { Association.text($0.key.index) }.joined(separator: ", ")
                    ]))
        }
        guard !association.refusals.isEmpty else {
            return .unknown(because: "the association \(wanted) is there, and has refused nothing so far")
        }
        return .found(
            Culprit(kind: "xfrm-state", name: "association \(wanted)", details: association.refusals.sorted()))
    }
}

/// A security association, with the reasons for which it has refused packets.
struct Association {
    struct Key: Equatable {
        /// "esp" or "ah".
        var transform: String
        var destination: String
        /// Security parameters index.
        var index: UInt32
    }

    let key: Key
    let refusals: [String]

    static func text(_ index: UInt32) -> String { "0x" + index.hexadecimal(digits: 8) }

    /// Returns nil for associations of other protocols.
    init?(_ state: XfrmState) {
        guard let transform = [IPProtocol.esp: "esp", IPProtocol.ah: "ah"][state.ipProtocol] else { return nil }
        key = Key(transform: transform, destination: state.destination.text, index: state.index)
        let counts = [
            (state.refusals.replayWindow, "packets behind its replay window"),
            (state.refusals.replay, "packets that had come before"),
            (
                state.refusals.integrityFailed,
                "packets whose integrity it could not prove: other keys or algorithms at the other end"
            ),
        ]
        refusals = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    }
}

extension Association.Key {
    /// If a packet has both headers, AH precedes ESP and is removed first.
    init?(_ evidence: Evidence) {
        guard let destination = evidence.destinationAddress, let headers = evidence.packet?.headers else { return nil }
        self.destination = destination
        if let header = headers.authentication {
            (transform, index) = ("ah", header.spi)
        } else if case .esp(let header) = headers.transport {
            (transform, index) = ("esp", header.spi)
        } else {
            return nil
        }
    }
}
