public import Analysis
import Events
public import Text

/// TCP connections as JSON objects, one for each; docs/OUTPUT.md and docs/event.schema.json name every key.
public struct ConnectionJSON {
    private let names: SocketNames
    private let limit: Int
    private var date = DateText(separator: UInt8(ascii: "T"), isLocal: false)

    /// - Parameter limit: how many connections to write; nil: all.
    public init(names: SocketNames, limit: Int? = nil) {
        self.names = names
        self.limit = limit ?? .max
    }

    /// Appends an object and a newline for each. `time`: nanoseconds of CLOCK_REALTIME.
    ///
    /// - Returns: how many.
    public mutating func render(_ block: ConnectionBlock, at time: Int64, into buffer: inout ByteBuffer) -> Int {
        let shown = block.connections.prefix(limit)
        for connection in shown {
            var object = JSONObject()
            object.word("type", "tcp_connection", &buffer)
            object.time(time, &date, &buffer)
            object.flag("final", block.isFinal, &buffer)
            object.append(identity: connection, names, &buffer)
            object.append(life: connection, at: block.now, &buffer)
            object.append(numbers: connection, &buffer)
            object.end(&buffer)
            buffer.append(UInt8(ascii: "\n"))
        }
        return shown.count
    }
}

extension JSONObject {
    /// When something was written: `time`, RFC 3339 in UTC.
    mutating func time(_ time: Int64, _ date: inout DateText, _ buffer: inout ByteBuffer) {
        key("time", &buffer)
        buffer.append(UInt8(ascii: "\""))
        let nanoseconds = date.append(time, to: &buffer)
        buffer.append(UInt8(ascii: "."))
        buffer.appendDecimal(nanoseconds, width: 9)
        buffer.append("Z\"")
    }

    fileprivate mutating func append(
        identity connection: TCPConnection, _ names: SocketNames, _ buffer: inout ByteBuffer
    ) {
        quoted("laddr", &buffer) { $0.append(connection.local, etherType: connection.etherType) }
        number("lport", connection.localPort, &buffer)
        quoted("raddr", &buffer) { $0.append(connection.remote, etherType: connection.etherType) }
        number("rport", connection.remotePort, &buffer)
        number("netns", connection.netns, &buffer)
        switch connection.direction {
        case .outgoing: word("direction", "out", &buffer)
        case .incoming: word("direction", "in", &buffer)
        case nil: break
        }
        if connection.pid != 0 {
            number("pid", connection.pid, &buffer)
            text("comm", connection.command.span.bytes, &buffer)
        } else if let owner = names.owner(ofInode: connection.inode) {
            number("pid", owner.pid, &buffer)
            text("comm", owner.command.utf8.span.bytes, &buffer)
        }
        if connection.inode != 0 { number("inode", connection.inode, &buffer) }
    }

    fileprivate mutating func append(life connection: TCPConnection, at now: UInt64, _ buffer: inout ByteBuffer) {
        word("state", connection.stateWord, &buffer)
        if let ending = connection.ending { word("ending", ending.slug, &buffer) }
        if let error = ErrorNames.name(Int64(connection.error)) { word("error", error, &buffer) }
        flag("handshake_seen", connection.sawHandshake, &buffer)
        number("duration_ns", connection.duration(at: now), &buffer)
    }

    fileprivate mutating func append(numbers connection: TCPConnection, _ buffer: inout ByteBuffer) {
        number("bytes_sent", connection.sent.bytes, &buffer)
        number("bytes_acked", connection.acknowledgedBytes, &buffer)
        number("bytes_received", connection.received.bytes, &buffer)
        number("bytes_retrans", connection.retransmittedBytes, &buffer)
        number("segs_out", connection.sent.segments, &buffer)
        number("segs_in", connection.received.segments, &buffer)
        number("data_segs_out", connection.sent.dataSegments, &buffer)
        number("data_segs_in", connection.received.dataSegments, &buffer)
        number("retrans", connection.retransmits, &buffer)
        number("lost", connection.lost, &buffer)
        if connection.smoothedRTT > 0 {
            number("srtt_us", connection.smoothedRTT, &buffer)
            number("rttvar_us", connection.variation, &buffer)
        }
        if connection.minimumRTT > 0 { number("min_rtt_us", connection.minimumRTT, &buffer) }
        number("cwnd", connection.congestionWindow, &buffer)
        // TCP_INFINITE_SSTHRESH, include/net/tcp.h: no loss has set it.
        if connection.slowStartThreshold < 0x7fff_ffff { number("ssthresh", connection.slowStartThreshold, &buffer) }
        number("snd_wnd", connection.sendWindow.bytes, &buffer)
        number("rcv_wnd", connection.receiveWindow.bytes, &buffer)
        number("snd_stops", connection.sendWindow.stops, &buffer)
        number("rcv_stops", connection.receiveWindow.stops, &buffer)
        number("mss", connection.segmentSize, &buffer)
    }
}
