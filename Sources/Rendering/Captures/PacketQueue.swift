/// Brings packets into the order of their times: a packet is known when it has died, and others may have begun and died in
/// the meantime.
struct PacketQueue {
    private struct Entry {
        var packet: PacketImage
        var comment: String
    }

    private var entries: [Entry] = []
    private var size = 0
    /// Bytes that wait at most.
    private let limit: Int

    init(limit: Int = 32 << 20) { self.limit = limit }

    mutating func append(_ packet: PacketImage, comment: String) {
        entries.append(Entry(packet: packet, comment: comment))
        size += packet.bytes.count + comment.utf8.count + MemoryLayout<Entry>.stride
    }

    /// Passes on the earlier half of the packets if too many wait.
    mutating func release(_ body: (PacketImage, String) -> Void) {
        if size > limit { pass(entries.count / 2, body) }
    }

    /// Passes on all packets.
    mutating func releaseAll(_ body: (PacketImage, String) -> Void) {
        pass(entries.count, body)
    }

    private mutating func pass(_ count: Int, _ body: (PacketImage, String) -> Void) {
        entries.sort { $0.packet.time < $1.packet.time }
        for entry in entries.prefix(count) {
            body(entry.packet, entry.comment)
            size -= entry.packet.bytes.count + entry.comment.utf8.count + MemoryLayout<Entry>.stride
        }
        entries.removeFirst(count)
    }
}
