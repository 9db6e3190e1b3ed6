import Diagnosis

/// The filter of tc whose action dropped: known where the device has one such filter only.
struct TrafficControlCulprit: CulpritFinder {
    static let causes: Set = ["tc-action", "tc-bpf", "tc-police"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let device = evidence.device?.name ?? evidence.inDevice?.name else {
            return .unknown(because: "the trace does not show the device")
        }
        var suspects: [Culprit] = []
        for direction in ["ingress", "egress", "root"] {
            let place = direction == "root" ? [] : [direction]
            guard let text = try? namespace.output(of: ["tc", "filter", "show", "dev", device] + place) else {
                continue
            }
            for filter in Self.filters(text) {
                let deadEnd = deadEnd(of: filter, in: namespace)
                guard filter.mayDrop || deadEnd != nil else { continue }
                suspects.append(
                    Culprit(
                        kind: "tc-filter", name: "\(filter.head) dev \(device) \(direction)",
                        details: filter.rest + (deadEnd.map { [$0] } ?? []),
                        values: [
                            "dev": device, "outdev": device, "pref": filter.preference ?? "", "direction": direction,
                        ]))
            }
        }
        switch suspects.count {
        case 0: return .unknown(because: "no filter on \(device) can drop by now")
        case 1: return .found(suspects[0])
        default:
            return .oneOf(
                suspects, because: "'tc -s filter show dev \(device) ingress' (and egress) counts their packets")
        }
    }

    /// Why the device to which it redirects takes nothing (net/sched/act_mirred.c); nil: it does not redirect, or can.
    private func deadEnd(of filter: Filter, in namespace: any NamespaceView) -> String? {
        guard let target = filter.target, let link = try? namespace.networkLink(target) else { return nil }
        return link.isUp && !link.lacksCarrier ? nil : "\(target) is \(link.isUp ? "without carrier" : "down")"
    }

    struct Filter {
        var head: String
        var rest: [String] = []

        var preference: String? { head.split(separator: " ").word(after: "pref") }

        /// "mirred (Egress Redirect to device ifb0) stolen"
        var target: String? {
            for line in rest {
                guard line.contains("mirred ("), let place = line.firstRange(of: "Redirect to device ") else {
                    continue
                }
                return String(line[place.upperBound...].prefix { $0 != ")" && $0 != " " })
            }
            return nil
        }

        /// What a BPF program returns cannot be read off its filter.
        var mayDrop: Bool {
            let whole = ([head] + rest).joined(separator: " ")
            return whole.contains("action drop") || whole.contains("police") || whole.contains(" bpf ")
        }
    }

    /// `tc filter show` begins each filter with a line at the left margin; lines that only open a chain are none.
    static func filters(_ text: String) -> [Filter] {
        var filters: [Filter] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("filter") {
                filters.append(Filter(head: String(line)))
            } else if !filters.isEmpty {
                filters[filters.count - 1].rest.append(
                    line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " "))
            }
        }
        // A classifier prints one line for itself and one for each handle: what has a handle, or actions, is a filter.
        return filters.filter { $0.head.contains(" handle ") || $0.head.contains("fh ") || !$0.rest.isEmpty }
    }
}
