import CaptureFiles
import KernelAccess
import Protocols
import Snoop
import SystemPackage

/// A run of netsnoop over a capture file.
struct SnoopRun: ~Copyable {
    private let request: SnoopRequest
    private var filters: SnoopFilters
    private var output: SnoopOutput
    private var layers = PacketLayers()
    /// Packets read, packets that matched, and packets that the capture lost before the last one.
    private var received: UInt64 = 0
    private var matched: UInt64 = 0
    private var lost: UInt64 = 0
    private var firstTime: Int64?
    private var hasStarted: Bool
    private var hasAnnounced = false

    init(_ request: SnoopRequest) throws {
        let names = SystemNames.ofThisMachine()
        self.request = request
        hasStarted = request.startOn == nil
        filters = SnoopFilters(request, names: names.filterNames(request.display.protocols))
        output = try SnoopOutput(request, names: names)
    }

    mutating func run() throws {
        var reader = try Self.open(request.input)
        // The link types of pcapng files come with their packets.
        for interface in reader.interfaces { try filters.prepare(interface.linkType) }
        announce()
        var trouble: (any Error)?
        do {
            while try reader.next(), try accept(reader.packet, reader.interfaces) {}
            try filters.requireRead()
        } catch {
            trouble = error
        }
        // Packets before an error were read correctly.
        try output.finish()
        if request.statistics {
            var messages = OutputSink.messages
            messages.write("\(received) packets received, \(max(lost, reader.contents.dropped)) dropped\n")
        }
        if let trouble { throw trouble is CaptureError ? RunError("\(trouble)") : trouble }
    }

    private static func open(_ input: String) throws -> CaptureReader {
        do {
            return try CaptureReader(path: FilePath(input))
        } catch {
            throw RunError("\(error)")
        }
    }

    /// Prints the corrected filter, once.
    private mutating func announce() {
        guard !hasAnnounced, let corrected = filters.corrected else { return }
        hasAnnounced = true
        var messages = OutputSink.messages
        for warning in filters.warnings { messages.write("warning: \(warning)\n") }
        output.announce("[\(corrected)]\n")
    }

    /// Prints a packet if it matches. Returns false if it is the last one.
    private mutating func accept(_ packet: borrowing PacketView, _ interfaces: [CaptureInterface]) throws -> Bool {
        try filters.prepare(packet.linkType)
        announce()
        if let time = packet.time, let seconds = request.seconds {
            let first = firstTime ?? time
            firstTime = first
            if Double(time) - Double(first) > seconds * 1e9 { return false }
        }
        let number = received
        received += 1
        lost += min(packet.dropped ?? 0, UInt64(UInt32.max))
        let bytes = packet.bytes.extracting(first: min(packet.bytes.byteCount, request.length ?? .max))
        layers.walk(bytes, from: .first(ofLinkType: packet.linkType.rawValue, bytes), length: packet.wireLength)
        if !hasStarted {
            guard filters.starts(layers, bytes) else { return true }
            hasStarted = true
        }
        if filters.accepts(layers, bytes) {
            // Packets that the capture lost may have matched: the gap in the numbers shows them.
            try output.append(
                packet, bytes: bytes, layers, number: (request.numbersReceived ? number : matched) + lost, interfaces)
            matched += 1
        }
        return !output.isClosed && matched < UInt64(request.count ?? .max) && !filters.stops(layers, bytes)
    }
}
