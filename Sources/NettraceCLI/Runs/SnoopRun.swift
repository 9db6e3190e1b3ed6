import Capture
import CaptureFiles
import FilterLanguage
import KernelAccess
import NameLookup
import Protocols
import Snoop
import SystemPackage

/// A run of netsnoop over a capture file or over packets of devices.
struct SnoopRun: ~Copyable {
    let request: SnoopRequest
    var filters: SnoopFilters
    var output: SnoopOutput
    /// Packets read, packets that matched, and packets that the capture lost before the last one.
    private var received: UInt64 = 0
    private var matched: UInt64 = 0
    var lost: UInt64 = 0
    private var firstTime: Int64?
    private var hasStarted: Bool
    private var hasAnnounced = false

    private let lookup: HostLookup?

    init(_ request: SnoopRequest, names: SystemNames) throws {
        self.request = request
        hasStarted = request.startOn == nil
        var filterNames = names.filterNames(request.display.protocols)
        let servers = request.asksServers ? NameServers.ofThisMachine() : nil
        lookup = servers.map { HostLookup($0, cache: .ofUser()) }
        if let servers {
            filterNames.hosts = { name in
                let known = names.addresses(name)
                return known.isEmpty ? HostLookup(servers, cache: NameCache()).addresses(of: name) : known
            }
        }
        filters = SnoopFilters(request, names: filterNames)
        output = try SnoopOutput(request, names: names, servers: lookup)
    }

    mutating func run() throws {
        StopSignals.install()
        switch request.input {
        case .file(let name): try readFile(name)
        case .device(let name):
            if let errors = request.errors {
                try captureErrors(errors, on: name)
            } else {
                try capture(name)
            }
        case .allDevices: try capture(nil)
        case .remote(let host, let device):
            let remote = try RemoteCapture(host: host, device: device, length: request.length)
            do {
                try readPackets { try CaptureReader(name: remote.process.name, source: remote.process.read) }
            } catch {
                // The other side's failure is the reason for an empty or broken file.
                try remote.end(wasStopped: StopSignals.received)
                throw error
            }
            try remote.end(wasStopped: StopSignals.received || hasEnoughPackets)
        }
    }

    private mutating func readFile(_ name: String) throws {
        guard let source = WaitingSource(name) else {
            return try readPackets { try CaptureReader(path: FilePath(name)) }
        }
        try readPackets { try CaptureReader(name: source.name, source: source.read) }
    }

    mutating func readPackets(_ open: () throws -> CaptureReader) throws {
        var reader: CaptureReader
        do {
            reader = try open()
        } catch {
            // A stop signal before the first packet of a pipe.
            if StopSignals.received { return try end(received: 0, dropped: 0) }
            throw error is CaptureError ? RunError("\(error)") : error
        }
        try? Privileges.giveUp()
        // The link types of pcapng files come with their packets.
        for interface in reader.interfaces { try filters.prepare(interface.linkType) }
        announce()
        var dissection = request.dissection
        var trouble: (any Error)?
        do {
            while !StopSignals.received, try reader.next(),
                try accept(reader.packet, reader.interfaces, &dissection)
            {
                if request.input.isLive, reader.isDrained { try output.flushUngrouped() }
            }
            try filters.requireRead()
        } catch {
            // A signal ends the file where it is.
            if !(StopSignals.received && error is CaptureError) { trouble = error }
        }
        // Packets before an error were read correctly.
        try end(received: received, dropped: max(lost, reader.contents.dropped))
        if let trouble { throw trouble is CaptureError ? RunError("\(trouble)") : trouble }
    }

    mutating func end(received: UInt64, dropped: UInt64) throws {
        try output.finish()
        lookup?.save()
        guard request.statistics else { return }
        var messages = OutputSink.messages
        messages.write("\(received) packets received, \(dropped) dropped\n")
    }

    /// Prints the corrected filter, once.
    mutating func announce() {
        guard !hasAnnounced, let corrected = filters.corrected else { return }
        hasAnnounced = true
        var messages = OutputSink.messages
        for warning in filters.warnings { messages.write("warning: \(warning)\n") }
        output.announce("[\(corrected)]\n")
    }

    var hasEnoughPackets: Bool { output.isClosed || matched >= UInt64(request.count ?? .max) }

    /// Prints a packet if it matches, or if it has an error. Returns false if it is the last one.
    mutating func accept(
        _ packet: borrowing PacketView, _ interfaces: [CaptureInterface], _ dissection: inout Dissection,
        error: String? = nil
    ) throws -> Bool {
        try filters.prepare(packet.linkType)
        announce()
        if let time = packet.time, let seconds = request.seconds, !request.input.isDevice {
            let first = firstTime ?? time
            firstTime = first
            if Double(time) - Double(first) > seconds * 1e9 { return false }
        }
        let number = received
        received += 1
        lost += min(packet.dropped ?? 0, UInt64(UInt32.max))
        let kept = packet.bytes.extracting(first: min(packet.bytes.byteCount, request.length ?? .max))
        dissection.take(
            kept, from: .first(ofLinkType: packet.linkType.rawValue, kept), wireLength: packet.wireLength,
            time: packet.time)
        let bytes = dissection.bytes(of: kept)
        if !hasStarted {
            guard filters.starts(dissection.layers, bytes.decoded) else { return true }
            hasStarted = true
        }
        if request.follow != nil {
            let isSelected = filters.selectsStream(dissection.layers, bytes.decoded)
            try output.follow(dissection.layers, bytes.decoded, matches: isSelected)
        } else if error != nil || filters.accepts(dissection.layers, bytes.decoded) {
            // Packets that the capture lost may have matched: the gap in the numbers shows them.
            try output.append(
                packet, bytes, dissection.layers, number: (request.numbersReceived ? number : matched) + lost,
                error: error, interfaces)
            matched += 1
        }
        return !hasEnoughPackets && !filters.stops(dissection.layers, bytes.decoded)
    }
}
