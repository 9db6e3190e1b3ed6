import Events

/// Finds the report of XDP that belongs to the drop of an skb.
///
/// An skb whose XDP program fails is freed at once: the report and the drop are neighbours among the drops of a CPU. The
/// reader passes every record in the order of the ring, which keeps the order of a CPU.
struct FrameReports {
    struct Report: Equatable {
        var tracer: String
        var frame: LostFrame
        var carrier: FrameCarrier
        var ifindex: UInt32?
    }

    private struct Drop: Equatable {
        var skb: UInt64
        var time: UInt64
    }

    /// The latest report of a CPU after which it has dropped nothing.
    private var open: [UInt16: Report] = [:]
    private var reports: [(drop: Drop, report: Report)] = []

    /// Drops that wait to be judged, at most; contexts wait for half a second.
    private static let most = 1024

    var isEmpty: Bool { reports.isEmpty }
    var awaitsDrop: Bool { !open.isEmpty }

    mutating func add(_ report: Report, cpu: UInt16) { open[cpu] = report }

    /// A drop of an skb, which closes the report before it.
    mutating func close(skb: UInt64, time: UInt64, cpu: UInt16) {
        guard let report = open.removeValue(forKey: cpu) else { return }
        if reports.count >= Self.most { reports.removeFirst(Self.most / 2) }
        reports.append((Drop(skb: skb, time: time), report))
    }

    /// The report right before the drop, if that was an skb on this device.
    func report(ofDrop skb: UInt64, at time: UInt64, ifindex: UInt32?) -> Report? {
        guard let found = reports.last(where: { $0.drop == Drop(skb: skb, time: time) })?.report,
            found.carrier == .skb, found.ifindex == ifindex
        else { return nil }
        return found
    }
}
