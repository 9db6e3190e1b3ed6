/// The sort key of a table of round-trip times, largest first.
public enum RoundTripOrder: String, CaseIterable, Sendable {
    case samples, min, mean, median, p95, p99, max

    public func sort(_ block: inout RoundTripBlock) {
        guard self != .samples else { return }
        block.sort { value($0.sum) > value($1.sum) }
    }

    private func value(_ times: RoundTrips) -> Double {
        switch self {
        case .samples: Double(times.count)
        case .min: Double(times.minimum)
        case .mean: times.mean
        case .median: Double(times.percentile(0.5))
        case .p95: Double(times.percentile(0.95))
        case .p99: Double(times.percentile(0.99))
        case .max: Double(times.maximum)
        }
    }
}
