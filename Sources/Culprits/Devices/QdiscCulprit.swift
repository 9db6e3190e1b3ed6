import Diagnosis

/// The queueing discipline that dropped the packet, by its drop counter.
struct QdiscCulprit: CulpritFinder {
    static let causes: Set = [
        "qdisc-overlimit", "qdisc-drop", "qdisc-congestion", "qdisc-flow-limit", "qdisc-burst",
    ]

    private struct Qdisc: Decodable {
        var kind: String
        var handle: String
        var drops: Int?
        var overlimits: Int?
        var backlog: Int?
        var qlen: Int?
        var options: Options?

        struct Options: Decodable {
            var limit: Int?

            private enum CodingKeys: String, CodingKey { case limit }

            init(from decoder: any Decoder) throws {
                limit = try? decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .limit)
            }
        }

        /// Disciplines whose limit can be changed alone, keeping their other settings.
        private static let resizable: Set = ["pfifo", "bfifo", "codel", "fq_codel", "fq", "fq_pie", "pie"]

        var largerLimit: Int? {
            Self.resizable.contains(kind) && handle != "0:" ? options?.limit.map { max($0 * 4, 100) } : nil
        }
    }

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        let command = ["tc", "-s", "-j", "qdisc", "show", "dev", device]
        let text = Self.withoutPlainOptions(try namespace.output(of: command))
        let qdiscs = try namespace.decode([Qdisc].self, from: text, of: command)
        let dropping = qdiscs.filter { ($0.drops ?? 0) > 0 && !["ingress", "clsact"].contains($0.kind) }
        // The counters of a discipline include those of its inner disciplines.
        guard let qdisc = dropping.last else {
            return .unknown(because: "no queueing discipline of \(device) has counted a drop")
        }
        let culprits = dropping.map { qdisc in
            Culprit(
                kind: "qdisc", name: "qdisc \(qdisc.kind) \(qdisc.handle) dev \(device)",
                details: [
                    "it has dropped \(qdisc.drops ?? 0) packets; \(qdisc.qlen ?? 0) packets (\(qdisc.backlog ?? 0) bytes) wait now"
                ],
                values: values(of: qdisc, on: device))
        }
        guard dropping.count == 1 || dropping.dropLast().allSatisfy({ $0.drops == qdisc.drops }) else {
            return .oneOf(culprits, because: "several queueing disciplines of \(device) have dropped packets")
        }
        return .found(culprits[culprits.count - 1])
    }

    /// tc prints the options of some disciplines (hfsc, multiq) as plain text even with -j: `"options":{default 9 }`.
    static func withoutPlainOptions(_ text: String) -> String {
        let start = #""options":{"#
        var kept = ""
        var rest = text[...]
        while let found = rest.firstRange(of: start) {
            kept += rest[..<found.upperBound]
            rest = rest[found.upperBound...]
            if let first = rest.first, first != "\"", first != "}" { rest = rest.drop { $0 != "}" } }
        }
        return kept + rest
    }

    private func values(of qdisc: Qdisc, on device: String) -> [String: String] {
        var values = ["qdisc": qdisc.kind, "handle": qdisc.handle, "outdev": device]
        values["limit"] = qdisc.largerLimit.map { String($0) }
        return values
    }
}
