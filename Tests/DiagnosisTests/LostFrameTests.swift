import Events
import Testing

@testable import Diagnosis

/// Reports of XDP about lost frames, and about skbs that its programs saw as frames.
@Suite struct LostFrameTests {
    private let judge: Judge

    init() throws { judge = Judge(causes: try .embedded()) }

    private func cause(_ tracer: String, _ lost: LostFrame, dropIn function: String? = nil) -> String? {
        var evidence = Evidence(event: 0, skb: 1)
        evidence.function = function ?? tracer
        evidence.add(lost, reportedBy: tracer)
        return judge.conclude(from: evidence).0?.slug
    }

    @Test(arguments: [
        ("xdp:xdp_exception", 0, "xdp-aborted"), ("xdp:xdp_exception", 3, "xdp-tx-failed"),
        ("xdp:xdp_exception", 5, "xdp-invalid-action"), ("xdp:xdp_exception", 77, "xdp-invalid-action"),
        ("xdp:xdp_redirect_err", 4, "xdp-redirect-failed"), ("xdp:xdp_devmap_xmit", 4, "xdp-redirect-failed"),
        ("xdp:xdp_bulk_tx", 3, "xdp-tx-failed"), ("xdp:xdp_cpumap_enqueue", 4, "xdp-cpu-queue-full"),
        ("xdp:xdp_cpumap_kthread", 4, "out-of-memory"),
    ])
    func theReportProvesTheCause(tracer: String, verdict: UInt32, slug: String) {
        #expect(cause(tracer, LostFrame(verdict: verdict)) == slug)
    }

    @Test(arguments: ["do_xdp_generic", "generic_xdp_tx", "veth_xdp_rcv_skb"])
    func itNarrowsTheDropOfTheSkb(function: String) {
        #expect(cause("xdp:xdp_exception", LostFrame(verdict: 0), dropIn: function) == "xdp-aborted")
    }

    @Test func itNarrowsAReasonToo() {
        var evidence = Evidence(event: 0, skb: 1)
        evidence.reason = "XDP"
        evidence.function = "do_xdp_generic"
        evidence.returns = [
            .init(tracer: "do_xdp_generic", number: 1, text: "XDP_DROP", surroundsDrop: true, event: 0)
        ]
        #expect(judge.conclude(from: evidence).0?.slug == "xdp-drop")
        evidence.add(LostFrame(verdict: 4, error: -22), reportedBy: "xdp:xdp_redirect_err")
        #expect(judge.conclude(from: evidence).0?.slug == "xdp-redirect-failed")
        #expect(evidence.returns.last?.text == "XDP_REDIRECT, -EINVAL")
    }

    @Test func onlyTheStackShowsWhetherThereWasAnSkb() {
        let aborted = LostFrame(verdict: 0)
        func carrier(_ stack: String..., lost: LostFrame? = nil) -> FrameCarrier {
            FrameCarrier(of: lost ?? aborted, stack: stack)
        }
        #expect(carrier("do_xdp_generic+0x1f", "__netif_receive_skb_core+0x2") == .skb)
        #expect(carrier("veth_xdp_rcv_skb.constprop.0+0x1f", "veth_poll+0x2") == .skb)
        #expect(carrier("veth_xdp_rcv_one+0x1f", "veth_poll+0x2") == .frame)
        #expect(carrier("veth_poll+0x2") == .unknown)
        #expect(carrier("tun_build_skb+0x1f", "tun_get_user+0x2") == .frame)
        #expect(carrier() == .unknown)
        // veth has consumed the skb before it sends or redirects the frame.
        #expect(carrier("xdp_do_redirect+0x1", "veth_xdp_rcv_skb+0x1", lost: LostFrame(verdict: 4)) == .frame)
        #expect(carrier("veth_poll+0x1", lost: LostFrame(verdict: 3)) == .frame)
        #expect(carrier("generic_xdp_tx+0x1", lost: LostFrame(verdict: 3)) == .skb)
    }

    @Test func aDropTakesTheReportRightBeforeItOnItsProcessor() {
        func report(_ verdict: UInt32, _ carrier: FrameCarrier = .skb) -> FrameReports.Report {
            .init(tracer: "xdp:xdp_exception", frame: LostFrame(verdict: verdict), carrier: carrier, ifindex: 4)
        }
        var reports = FrameReports()
        reports.add(report(0), cpu: 1)
        reports.close(skb: 8, time: 20, cpu: 0)
        #expect(reports.report(ofDrop: 8, at: 20, ifindex: 4) == nil)
        reports.close(skb: 9, time: 30, cpu: 1)
        #expect(reports.report(ofDrop: 9, at: 30, ifindex: 4)?.frame.verdict == 0)
        #expect(reports.report(ofDrop: 9, at: 30, ifindex: 5) == nil)
        #expect(reports.report(ofDrop: 9, at: 31, ifindex: 4) == nil)
        // Only the first drop after the report.
        reports.close(skb: 10, time: 40, cpu: 1)
        #expect(reports.report(ofDrop: 10, at: 40, ifindex: 4) == nil)
        // A frame that was no skb ends without a drop: the next one is another packet's.
        reports.add(report(0, .frame), cpu: 1)
        reports.close(skb: 11, time: 50, cpu: 1)
        #expect(reports.report(ofDrop: 11, at: 50, ifindex: 4) == nil)
    }
}
