import Diagnosis
import Protocols

/// br_netfilter: the bridge passes its packets through the IP rules (net/bridge/br_netfilter_hooks.c, br_nf_forward_ip).
struct BridgeDetour {
    /// Path of the sysctl that turns this on; nil if an option of the bridge does.
    let sysctl: String?
    let bridgeOption: String

    /// - Parameter evidence: of a packet that a bridge passed to the hook.
    init(_ evidence: Evidence, in namespace: any NamespaceView) {
        let suffix =
            switch evidence.packet?.headers.network {
            case .ipv6: "ip6tables"
            case .arp: "arptables"
            default: "iptables"
            }
        bridgeOption = "nf_call_" + suffix
        let path = "net/bridge/bridge-nf-call-" + suffix
        sysctl = namespace.sysctl(path).map { $0 != "0" } ?? true ? path : nil
    }

    var detail: String {
        sysctl.map { "bridged packets come to these rules because \($0) is 1 (module br_netfilter)" }
            ?? "bridged packets come to these rules because the bridge's option \(bridgeOption) is 1 (module br_netfilter)"
    }

    var fix: Cause.Step {
        Cause.Step(
            command: sysctl.map { "sysctl -w \($0)=0" },
            note: "or keep rules for routed traffic off the bridge"
                + (sysctl == nil
                    ? ": set the option \(bridgeOption) of the bridge to 0" : "; container runtimes may rely on them"))
    }
}
