public import Analysis
import Events
public import Text

/// TCP connections as a table, a line for each.
public struct ConnectionTable {
    private let names: SocketNames
    private let order: ConnectionOrder
    private var frame: TableFrame

    /// - Parameters:
    ///   - names: who holds the sockets of connections whose process was not seen.
    ///   - order: what the connections are sorted by, which no line is too short for.
    public init(names: SocketNames, order: ConnectionOrder = .bytes, coloured: Bool = false) {
        self.names = names
        self.order = order
        frame = TableFrame(Style(isColoured: coloured))
    }

    /// Appends the block, and an empty line unless it repaints.
    ///
    /// - Parameters:
    ///   - seconds: since the start of the run.
    ///   - time: nanoseconds of CLOCK_REALTIME.
    ///   - repaints: over what a terminal shows.
    public mutating func render(
        _ block: ConnectionBlock, seconds: Double, at time: Int64, in room: TableRoom, repaints: Bool,
        into buffer: inout ByteBuffer
    ) {
        let end = TableFrame.lineEnd(repaints: repaints)
        frame.begin(at: time, isFinal: block.isFinal, in: room, repaints: repaints, into: &buffer) {
            $0.appendHeading(block, seconds: seconds)
        }
        let shown = block.connections.prefix(max(room.rows, 1))
        let table = TextTable(
            Self.columns, rows: shown.map { cells($0, now: block.now) }, in: room, inOrder: importance)
        if !shown.isEmpty {
            table.appendTitles(&buffer)
            buffer.append(end)
        }
        for index in shown.indices {
            table.appendRow(index, &buffer)
            buffer.append(end)
        }
        if shown.count < block.connections.count {
            buffer.append("  ")
            buffer.appendMoreRows(block.connections.count - shown.count)
            buffer.append(end)
        }
        if block.others > 0 {
            buffer.append("  ")
            buffer.appendDecimal(block.others)
            buffer.append(" other connections, for which there was no room")
            buffer.append(end)
        }
        frame.end(repaints: repaints, into: &buffer)
    }

    /// The columns from the most important to the least: those that a narrow terminal has no room for are left out.
    private var importance: [String] {
        let sorted =
            switch order {
            case .bytes: ["SENT", "RECEIVED"]
            case .sent: ["SENT"]
            case .received: ["RECEIVED"]
            case .segments: ["SEGS OUT", "SEGS IN"]
            case .retrans: ["RETRANS"]
            case .lost: ["LOST"]
            case .rtt: ["RTT"]
            case .stops: ["STOPS"]
            case .duration: ["SECONDS"]
            }
        return ["CONNECTION"] + sorted + ["RETRANS", "RTT", "SENT", "RECEIVED", "STATE", "PROCESS", "LOST", "SECONDS"]
    }

    private static let columns: [TextTable.Column] =
        [
            .init(title: "CONNECTION", kind: .text(least: nil)), .init(title: "STATE", kind: .text(least: nil)),
            .init(title: "SECONDS", kind: .number(10)), .init(title: "SENT", kind: .number(10)),
            .init(title: "RECEIVED", kind: .number(10)),
        ]
        + [
            "SEGS OUT", "SEGS IN", "RETRANS", "LOST", "RTT", "VAR", "MIN RTT", "CWND", "SND WND", "RCV WND", "STOPS",
            "MSS",
        ].map { .init(title: $0, kind: .number($0.utf8.count + 2)) }
        + [.init(title: "NETNS", kind: .text(least: nil)), .init(title: "PROCESS", kind: .text(least: nil))]

    private func cells(_ connection: TCPConnection, now: UInt64) -> [[UInt8]] {
        // Without a sample there is no time, and its variation is what the kernel begins with.
        let isTimed = connection.smoothedRTT != 0
        let numbers: [UInt64?] = [
            connection.sent.bytes, connection.received.bytes, UInt64(connection.sent.segments),
            UInt64(connection.received.segments), UInt64(connection.retransmits), UInt64(connection.lost),
            isTimed ? UInt64(connection.smoothedRTT) : nil, isTimed ? UInt64(connection.variation) : nil,
            isTimed ? UInt64(connection.minimumRTT) : nil,
            UInt64(connection.congestionWindow), UInt64(connection.sendWindow.bytes),
            UInt64(connection.receiveWindow.bytes),
            UInt64(connection.sendWindow.stops) + UInt64(connection.receiveWindow.stops),
            UInt64(connection.segmentSize),
        ]
        return [
            TextTable.cell { $0.appendEnds(of: connection) },
            TextTable.cell { $0.append(connection.ending?.text ?? connection.stateWord) },
            TextTable.cell {
                if !connection.sawHandshake { $0.append(">") }
                $0.appendThousandths(Double(connection.duration(at: now)) / 1e9)
            },
        ] + numbers.map(Self.cell) + [
            TextTable.cell { $0.appendDecimal(connection.netns) },
            TextTable.cell { $0.appendProcess(of: connection, names) },
        ]
    }
}

extension ConnectionTable {
    private static func cell(_ number: UInt64?) -> [UInt8] {
        TextTable.cell { if let number { $0.appendDecimal(number) } else { $0.append("-") } }
    }
}

extension ByteBuffer {
    fileprivate mutating func appendHeading(_ block: ConnectionBlock, seconds: Double) {
        let total = UInt64(block.connections.count) + block.others
        let ended = UInt64(block.connections.count { $0.ended != nil }) + block.others
        appendTenths(seconds)
        append(" s: ")
        appendDecimal(total)
        append(total == 1 ? " TCP connection, " : " TCP connections, ")
        appendDecimal(ended)
        append(" ended; times in microseconds")
    }

    /// This side first; the arrow goes from the side that has connected.
    fileprivate mutating func appendEnds(of connection: TCPConnection) {
        append(connection.local, etherType: connection.etherType, port: connection.localPort)
        switch connection.direction {
        case .outgoing: append(" -> ")
        case .incoming: append(" <- ")
        case nil: append(" -- ")
        }
        append(connection.remote, etherType: connection.etherType, port: connection.remotePort)
    }

    /// `curl:812`.
    fileprivate mutating func appendProcess(of connection: TCPConnection, _ names: SocketNames) {
        if connection.pid != 0 {
            appendEscaped(connection.command.span.bytes)
            append(":")
            appendDecimal(connection.pid)
        } else if let owner = names.owner(ofInode: connection.inode) {
            appendEscaped(owner.command.utf8.span.bytes)
            append(":")
            appendDecimal(owner.pid)
        } else {
            append("-")
        }
    }
}
