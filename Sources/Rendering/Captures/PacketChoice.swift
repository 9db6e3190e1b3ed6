import CaptureFiles
import Events

/// The events of one packet whose bytes go to the file: one per device that the packet passed.
struct PacketChoice {
    struct Candidate {
        /// Index of the event in its context.
        var index: Int
        var hook: Int
        var direction: PacketView.Direction
        fileprivate var skb: UInt64
        fileprivate var netns: UInt32
        fileprivate var device: UInt32
        fileprivate var startsAtLink: Bool

        /// nil if the event shows no device or no bytes, or if these are of a protocol that no link type announces: without a
        /// link header only IP can be recognised.
        init?(_ event: EventView, index: Int, direction: PacketView.Direction) {
            guard let device = event.device, device.ifindex != 0, let payload = event.payload, payload.count > 0,
                payload.startsAtLink || payload[0] >> 4 == 4 || payload[0] >> 4 == 6
            else { return nil }
            self.index = index
            hook = event.hook
            self.direction = direction
            skb = event.skb
            netns = device.netns
            self.device = device.ifindex
            startsAtLink = payload.startsAtLink
        }

        fileprivate func isOnDevice(of other: Candidate) -> Bool {
            skb == other.skb && netns == other.netns && device == other.device
        }

        /// Bytes from the link header on are better than others, and a hook that knows the direction is better than another.
        fileprivate func isBetter(than other: Candidate) -> Bool {
            startsAtLink == other.startsAtLink
                ? other.direction == .unknown && direction != .unknown : startsAtLink
        }
    }

    private let takesAll: Bool
    private(set) var candidates: [Candidate] = []

    /// A packet that is flooded has a part for each port.
    private static let limit = 1024

    /// - Parameter takesAll: every event with bytes, instead of one per device.
    init(takesAll: Bool) { self.takesAll = takesAll }

    /// Removes what shows a device's packet inside the device only if another skb showed it at the device's edge: that is
    /// the same packet before it was copied, or a copy for a packet socket.
    mutating func removeShadows() {
        guard !takesAll, candidates.count > 1 else { return }
        let edges = candidates.filter { $0.direction != .unknown }
        candidates.removeAll { candidate in
            candidate.direction == .unknown
                && edges.contains { $0.netns == candidate.netns && $0.device == candidate.device }
        }
    }

    mutating func removeAll() { candidates.removeAll(keepingCapacity: true) }

    mutating func add(_ candidate: Candidate) {
        if !takesAll, let known = candidates.lastIndex(where: { $0.isOnDevice(of: candidate) }) {
            // The memory of an skb may be used again for the same packet: TCP sends a copy once more. Each passes a hook of
            // the device's edge once.
            let isAgain = candidate.direction != .unknown && candidate.hook == candidates[known].hook
            guard isAgain else {
                if candidate.isBetter(than: candidates[known]) { candidates[known] = candidate }
                return
            }
        }
        if candidates.count < Self.limit { candidates.append(candidate) }
    }
}
