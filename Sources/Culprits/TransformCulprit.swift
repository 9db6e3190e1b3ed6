import Diagnosis

/// The IPsec policy that blocks.
struct TransformCulprit: CulpritFinder {
    static let causes: Set = ["xfrm-policy"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        let policies = Self.policies(try namespace.output(of: ["ip", "xfrm", "policy", "show"]))
        let blocking = policies.filter { $0.contains("action block") }.map {
            Culprit(kind: "xfrm-policy", name: $0)
        }
        switch blocking.count {
        case 0: return .unknown(because: "no policy blocks by now; a policy that wants encryption may lack its state")
        case 1: return .found(blocking[0])
        default: return .oneOf(blocking, because: "their selectors tell which of them covers the packet")
        }
    }

    /// A policy begins at the left margin; what belongs to it is indented.
    static func policies(_ text: String) -> [String] {
        var policies: [String] = []
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
            if line.first?.isWhitespace == true, !policies.isEmpty {
                policies[policies.count - 1] += " " + words
            } else {
                policies.append(words)
            }
        }
        return policies
    }
}
