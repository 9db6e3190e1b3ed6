import Diagnosis
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
        let all = Association.list(try namespace.output(of: ["ip", "-s", "xfrm", "state", "show"]))
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

/// One state as `ip -s xfrm state` lists it.
struct Association {
    struct Key: Equatable {
        /// "esp" or "ah".
        var transform: String
        var destination: String
        /// Security parameters index.
        var index: UInt32
    }

    var key: Key
    /// Counts of refused packets by reason (`struct xfrm_stats`, include/uapi/linux/xfrm.h).
    var refusals: [String] = []

    static func text(_ index: UInt32) -> String { "0x" + index.hexadecimal(digits: 8) }

    static func list(_ text: String) -> [Association] {
        var all: [Association] = []
        var destination: String?
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.first == "src" { destination = words.word(after: "dst") }
            if words.first == "proto", let transform = words.word(after: "proto"), let destination,
                let index = words.word(after: "spi").flatMap({ UInt32($0.dropFirst(2).prefix { $0 != "(" }, radix: 16) }
                )
            {
                all.append(Association(key: Key(transform: transform, destination: destination, index: index)))
            }
            // The line of counters is "replay-window 0 replay 0 failed 1". Where `replay-window` is a setting, "seq"
            // follows on the same line.
            guard words.first == "replay-window", words.word(after: "seq") == nil, !all.isEmpty else { continue }
            let counts = [
                ("replay-window", "packets behind its replay window"), ("replay", "packets that had come before"),
                ("failed", "packets whose integrity it could not prove: other keys or algorithms at the other end"),
            ]
            for (name, meaning) in counts {
                guard let count = words.word(after: name).flatMap({ Int($0) }), count > 0 else { continue }
                all[all.count - 1].refusals.append("\(count) \(meaning)")
            }
        }
        return all
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
