import Diagnosis
import Testing

struct CauseLookupTests {
    private let catalog: CauseCatalog

    init() throws {
        catalog = try CauseCatalog.embedded()
    }

    @Test(arguments: ["NO_SOCKET", "SKB_DROP_REASON_NO_SOCKET", "no_socket", "skb_drop_reason_no_socket"])
    func reasonsAreFoundInEverySpelling(name: String) {
        #expect(catalog.cause(forReason: name)?.slug == "no-listener")
    }

    @Test func aReasonMeansSomethingElseWhereAPlaceSaysSo() {
        #expect(catalog.cause(forReason: "IP_INHDR")?.slug == "ip-header")
        #expect(catalog.cause(forReason: "IP_INHDR", at: "ip_rcv_core+0x1c4")?.slug == "ip-header")
        #expect(catalog.cause(forReason: "IP_INHDR", at: "ip_forward+0x3f")?.slug == "ttl-exceeded")
        #expect(catalog.cause(forReason: "IP_INADDRERRORS", at: "ip_error")?.slug == "forwarding-off")
    }

    @Test func aReasonThatSaysNothingLeavesItToThePlace() {
        #expect(catalog.cause(forReason: "NOT_SPECIFIED") == nil)
        #expect(catalog.cause(forReason: "NOT_SPECIFIED", at: "arp_error_report+0x10")?.slug == "neighbour-unresolved")
        #expect(catalog.cause(forReason: "NOT_SPECIFIED", at: "ip_error+0x10") == nil)
        #expect(catalog.cause(forReason: "NOT_SPECIFIED", at: "nobody_knows") == nil)
    }

    @Test func aPlaceDecidesOnlyWhereItLeavesNoChoice() {
        #expect(catalog.cause(forLocation: "nf_hook_slow")?.slug == "netfilter-drop")
        #expect(catalog.cause(forLocation: "nf_hook_slow.constprop.0+0x9a/0x110")?.slug == "netfilter-drop")
        #expect(catalog.cause(forLocation: "ip_forward") == nil)
        #expect(catalog.causes(atLocation: "ip_forward").map(\.slug).contains("ttl-exceeded"))
        #expect(catalog.causes(atLocation: "ip_forward").count > 1)
        #expect(catalog.causes(atLocation: "nobody_knows").isEmpty)
    }

    @Test func returnValuesAreReadAsTheKernelSpellsThem() {
        #expect(catalog.cause(forReturn: 0, of: "nft_do_chain")?.slug == "netfilter-drop")
        #expect(catalog.cause(forReturn: 1, of: "nft_do_chain") == nil)
        #expect(catalog.cause(forReturn: -18, of: "fib_validate_source")?.slug == "rp-filter")
        #expect(catalog.cause(forReturn: 2, of: "tcf_classify")?.slug == "tc-action")
        #expect(catalog.cause(forReturn: 0, of: "br_allowed_ingress")?.slug == "bridge-vlan-filter")
        #expect(catalog.cause(forReturn: -1, of: "tcp_try_rmem_schedule")?.slug == "socket-memory")
        #expect(catalog.cause(forReturn: 0, of: "nobody_knows") == nil)
    }

    @Test func theSubsystemsDoNotMixUpTheirReasons() {
        #expect(catalog.cause(forReason: "QDISC_DROP")?.slug == "qdisc-drop")
        #expect(catalog.reason(named: "QDISC_DROP")?.name == "SKB_DROP_REASON_QDISC_DROP")
        #expect(catalog.cause(forReason: "QDISC_DROP_OVERLIMIT")?.slug == "qdisc-overlimit")
        #expect(catalog.reason(named: "___RX_DROP_U_DUP")?.name == "RX_DROP_U_DUP")
        #expect(catalog.reason(named: "") == nil)
    }

    @Test func topicsAreReasonsThenCausesThenFunctions() throws {
        let xdp = try #require(catalog.topic(named: "xdp"))
        guard case .reason(let reason) = xdp else {
            Issue.record("xdp is \(xdp)")
            return
        }
        #expect(reason.name == "SKB_DROP_REASON_XDP")
        #expect(catalog.topic(named: "RP_Filter") == catalog.cause(named: "rp-filter").map(ExplainTopic.cause))
        #expect(
            catalog.topic(named: "ip_error")
                == .location("ip_error", catalog.causes(atLocation: "ip_error").sorted { inFile($0, $1) }))
        #expect(catalog.topic(named: "nobody_knows") == nil)
        #expect(catalog.topic(named: "") == nil)
    }

    @Test func nearNamesAreOfEveryKind() {
        #expect(catalog.names(near: "NO_SOKET").first == "NO_SOCKET")
        #expect(catalog.names(near: "skb_drop_reason_no_soket").first == "NO_SOCKET")
        #expect(catalog.names(near: "rp-fliter").first == "rp-filter")
        #expect(catalog.names(near: "nf_hook_slwo").first == "nf_hook_slow")
        #expect(catalog.names(near: "qqqqqqqq").isEmpty)
        #expect(catalog.names(near: "tcp", limit: 2).count == 2)
    }

    private func inFile(_ left: Cause, _ right: Cause) -> Bool {
        let order = catalog.causes.map(\.slug)
        return order.firstIndex(of: left.slug) ?? 0 < order.firstIndex(of: right.slug) ?? 0
    }
}
