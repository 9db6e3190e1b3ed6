import CNettraceBPF
import Events
import Rendering
import Testing
import Tracers
import Text

private var names: NameTable {
    NameTable(
        hooks: [.init(tracer: "sock:inet_sock_set_state", module: "tcp-state")],
        sockets: SocketNames(owner: { $0 == 31337 ? .init(pid: 812, command: "evil\u{1b}", others: 0) : nil }),
        resetReasons: [1: "SK_RST_REASON_NO_SOCKET", 9: "odd\u{1b}"])
}

private func record(_ event: SocketEvent, _ change: (inout nt_sock_event) -> Void = { _ in }) -> EventRecord {
    var record = EventRecord(flags: NT_EVENT_SOCK_TUPLE, packet: ipv4(6, tcp(0)))
    record.device = (4_026_531_840, 0, [])
    record.task = (77, Array("curl".utf8))
    record.socket = nt_sock(
        address: 0xffff_8881_0000_1000, cookie: 0x1001, inode: 5, cgroup: 0, uid: 0, ifindex: 0, family: 2, type: 1,
        protocol: 6, state: 1)
    var section = nt_sock_event()
    section.kind = event.number
    change(&section)
    record.socketEvent = section
    return record
}

private func line(_ record: EventRecord) -> String {
    var renderer = LineRenderer(names: names, tracerWidth: 0)
    return rendered(record) { renderer.render($0, into: &$1) }
}

private func json(_ record: EventRecord) -> String {
    var renderer = JSONRenderer(names: names)
    return rendered(record) { renderer.render($0, into: &$1) }
}

@Suite struct SocketEventTests {
    private let tuple = "TCP: 10.0.0.1:443 -> 10.0.0.2:51234, "
    private let rest = ", curl:77, netns: 4026531840, cookie: 0x1001"

    @Test func aLine() {
        #expect(line(record(.connect)) == "463697.331957: [connect]: \(tuple)ESTABLISHED\(rest)")
    }

    @Test(
        arguments: [
            (2, 7, "SYN_SENT -> CLOSE (connect failed)", "connect-failed"),
            (3, 7, "SYN_RECV -> CLOSE (handshake failed)", "handshake-failed"),
            (1, 7, "ESTABLISHED -> CLOSE (aborted)", "aborted"), (8, 7, "CLOSE_WAIT -> CLOSE (aborted)", "aborted"),
            (9, 7, "LAST_ACK -> CLOSE", nil), (5, 7, "FIN_WAIT2 -> CLOSE", nil), (2, 1, "SYN_SENT -> ESTABLISHED", nil),
            (99, 10, "99 -> LISTEN", nil),
        ] as [(UInt16, UInt16, String, String?)])
    func changesOfState(_ old: UInt16, _ new: UInt16, _ words: String, _ slug: String?) throws {
        let change = record(.state) { ($0.old_state, $0.new_state) = (old, new) }
        #expect(line(change) == "463697.331957: [state]: \(tuple)\(words)\(rest)")
        #expect(try JSONValue.parse(json(change))["anomaly"] == slug.map { .string($0) })
    }

    @Test func whatEachKindTells() {
        #expect(line(record(.retransmit)).hasSuffix("ESTABLISHED" + rest))
        #expect(line(record(.retransmit) { $0.count = 3 }).contains("ESTABLISHED, timeouts: 3" + rest))
        #expect(line(record(.zeroWindow) { $0.count = 2 }).contains(", probes: 2" + rest))
        #expect(line(record(.closeUnread) { $0.count = 7 }).contains(", unread bytes: 7" + rest))
        #expect(
            line(record(.listenOverflow) { ($0.count, $0.limit) = (129, 128) }).contains(
                ", accept queue: 129 of 128" + rest))
        #expect(
            line(record(.listenOverflow) { ($0.count, $0.limit, $0.flags) = (4, 4, UInt32(NT_SOCK_SYN_QUEUE)) })
                .contains(", SYN queue: 4 of 4" + rest))
        #expect(
            line(record(.bufferFull) { ($0.count, $0.limit) = (2304, 2304) }).contains(", memory: 2304 of 2304" + rest))
        #expect(line(record(.error) { $0.error = 113 }).contains(", error: EHOSTUNREACH" + rest))
        #expect(line(record(.error) { $0.error = 4000 }).contains(", error: 4000" + rest))
    }

    @Test(arguments: [(1, "NO_SOCKET"), (9, #"odd\x1b"#), (77, "77")] as [(UInt32, String)])
    func reasonsOfResets(_ reason: UInt32, _ name: String) {
        let reset = record(.resetSent) { ($0.reason, $0.flags) = (reason, UInt32(NT_SOCK_REASON)) }
        #expect(line(reset).contains(", reason: \(name)\(rest)"))
    }

    @Test func theOwnerGoesBeforeWhoIsAtWork() {
        var owned = record(.retransmit)
        owned.socket?.inode = 31337
        #expect(line(owned).contains(#"ESTABLISHED, evil\x1b:812, netns"#))
        var bystander = record(.retransmit)
        bystander.flags |= NT_EVENT_INTERRUPT
        #expect(line(bystander).contains("ESTABLISHED, netns"))
        #expect(json(bystander).contains(#""irq":true"#) && !json(bystander).contains("curl"))
    }

    @Test func aResetMayHaveNoSocket() {
        var reset = record(.resetSent)
        reset.socket = nil
        #expect(line(reset) == "463697.331957: [reset-sent]: \(tuple)no socket, curl:77, netns: 4026531840")
        #expect(!json(reset).contains(#""sock":"#))
    }

    @Test func everyObjectKeepsToTheSchema() throws {
        let validator = try SchemaValidator()
        for event in SocketEvent.allCases {
            for number in [0, 1, 7, 12, 40, 65535] as [UInt32] {
                let object = json(
                    record(event) {
                        ($0.count, $0.limit, $0.reason, $0.flags) = (number, number, number, number)
                        ($0.old_state, $0.new_state) = (UInt16(number), 7)
                        $0.error = UInt16(number)
                    })
                #expect(validator.problems(object) == [])
            }
        }
        var unknown = record(.connect)
        unknown.socketEvent?.kind = 4711
        #expect(validator.problems(json(unknown)) == [])
        #expect(json(unknown).contains(#""event":"4711""#) && line(unknown).contains("[kind 4711]"))
        unknown.packet = nil
        #expect(validator.problems(json(unknown)) == [])
    }

    @Test func whatIsSuppressed() throws {
        var summary = RunSummary(matched: 9, delivered: 2, lost: 0, suppressed: 7, attached: 3, skipped: 0)
        summary.limited = [.init(event: "drop", count: 4), .init(event: "state", count: 3)]
        var buffer = ByteBuffer()
        summary.limited[0].renderText(into: &buffer)
        summary.renderText(into: &buffer)
        #expect(
            text(buffer) == "[drop]: 4 more, suppressed by --rate-limit\n"
                + "summary: 9 events matched, 2 shown, 0 lost, 7 suppressed; 3 tracers attached, 0 skipped"
                + "; beyond the rate limit: drop: 4, state: 3\n")
        buffer.removeAll()
        summary.limited[0].renderJSON(into: &buffer)
        summary.renderJSON(into: &buffer)
        let validator = try SchemaValidator()
        for line in text(buffer).split(separator: "\n") { #expect(validator.problems(String(line)) == []) }
        #expect(text(buffer).contains(#""limited":[{"event":"drop","count":4},{"event":"state","count":3}]"#))
    }
}
