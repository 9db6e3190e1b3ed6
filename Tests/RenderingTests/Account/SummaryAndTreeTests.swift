import Rendering
import Testing
import Text

@Suite struct SummaryTests {
    private let summary = RunSummary(
        matched: 10, delivered: 7, lost: 2, suppressed: 1, attached: 210, skipped: 4,
        losses: [.init(tracer: "ip_rcv", lost: 2), .init(tracer: "tcp_v4_rcv", lost: 0)])

    @Test func textForm() {
        var buffer = ByteBuffer()
        summary.renderText(into: &buffer)
        #expect(
            text(buffer)
                == "summary: 10 events matched, 7 shown, 2 lost, 1 suppressed; 210 tracers attached, 4 skipped; "
                + "lost at ip_rcv: 2\n")
        buffer.removeAll()
        RunSummary(matched: 1, delivered: 1, lost: 0, attached: 1, skipped: 0).renderText(into: &buffer)
        #expect(text(buffer) == "summary: 1 event matched, 1 shown, 0 lost; 1 tracer attached, 0 skipped\n")
    }

    @Test func jsonForm() {
        var buffer = ByteBuffer()
        summary.renderJSON(into: &buffer)
        #expect(
            text(buffer)
                == #"{"type":"summary","matched":10,"delivered":7,"lost":2,"suppressed":1,"attached":210,"skipped":4,"#
                + #""losses":[{"tracer":"ip_rcv","lost":2}]}"# + "\n")
    }

    @Test func everyTracerHasItsAccount() throws {
        var exact = summary
        exact.missed = 3
        exact.tracers = [
            .init(tracer: "ip_rcv", matched: 6, received: 4, lost: 2),
            .init(tracer: "quiet", matched: 0, received: 0, lost: 0),
        ]
        var buffer = ByteBuffer()
        exact.renderTracersText(into: &buffer)
        #expect(text(buffer) == "ip_rcv: 6 matched, 4 received, 2 lost\n")
        buffer.removeAll()
        exact.renderText(into: &buffer)
        #expect(text(buffer).hasSuffix("lost at ip_rcv: 2; the kernel could not look at 3 passages of hooks\n"))
        buffer.removeAll()
        exact.renderJSON(into: &buffer)
        #expect(
            text(buffer).hasSuffix(
                #","missed":3,"per_tracer":[{"tracer":"ip_rcv","matched":6,"received":4,"lost":2}]}"# + "\n"))
        #expect(try SchemaValidator().problems(text(buffer)) == [])
    }

    @Test func whatCouldNotBeFollowedIsTold() throws {
        var full = RunSummary(matched: 0, delivered: 0, lost: 0, attached: 3, skipped: 0)
        full.untracked = 12
        var buffer = ByteBuffer()
        full.renderText(into: &buffer)
        #expect(text(buffer).hasPrefix("12 segments are of connections for which the table had no room"))
        buffer.removeAll()
        full.renderJSON(into: &buffer)
        #expect(text(buffer).contains(#""untracked_segments":12"#))
        #expect(try SchemaValidator().problems(text(buffer)) == [])
    }

    @Test func lossesAreTold() throws {
        let notice = LossNotice(time: 5, events: 812, total: 1044)
        var buffer = ByteBuffer()
        notice.renderText(into: &buffer)
        #expect(text(buffer).hasPrefix("lost 812 events just now, 1044 so far: "))
        buffer.removeAll()
        notice.renderJSON(into: &buffer)
        #expect(text(buffer) == #"{"type":"lost","ts":5,"events":812,"total":1044}"# + "\n")
        #expect(try SchemaValidator().problems(text(buffer)) == [])
    }
}

@Suite struct TracerTreeTests {
    private let tree = TracerTree(nodes: [
        .init(depth: 0, isGroup: true, name: "all", description: "trace the whole kernel network stack"),
        .init(depth: 1, isGroup: true, name: "link", description: "link layer (L2) of the network stack"),
        .init(
            depth: 2, isGroup: false, name: "free", description: "an skb ends",
            detail: .init(
                kind: "function", kernelName: "sk_skb_reason_drop", availability: .available(method: "kprobe"))),
        .init(
            depth: 2, isGroup: false, name: "bare", description: "",
            detail: .init(
                kind: "tracepoint", kernelName: "net:bare", availability: .missing(reason: "no such event"))),
    ])

    @Test func plain() {
        var buffer = ByteBuffer()
        tree.render(into: &buffer)
        #expect(
            text(buffer) == """
                available tracer:
                ---------------------------------------------------

                all: trace the whole kernel network stack
                    link: link layer (L2) of the network stack
                        free: an skb ends
                        bare

                """)
    }

    @Test func verbose() {
        var buffer = ByteBuffer()
        tree.render(verbose: true, into: &buffer)
        #expect(text(buffer).contains("        free: an skb ends [function sk_skb_reason_drop, kprobe]\n"))
        #expect(text(buffer).contains("        bare [tracepoint net:bare, not on this kernel: no such event]\n"))
    }

    @Test func colouredTextIsThePlainTextWithoutItsCodes() {
        var buffer = ByteBuffer()
        tree.render(verbose: true, coloured: true, into: &buffer)
        let coloured = text(buffer)
        buffer.removeAll()
        tree.render(verbose: true, into: &buffer)
        #expect(coloured.contains("\u{1b}["))
        #expect(coloured.replacing(/\u{1b}\[[0-9;]*m/, with: "") == text(buffer))
    }
}
