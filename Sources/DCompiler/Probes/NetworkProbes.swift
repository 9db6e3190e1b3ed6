import DLanguage
import KernelTypes

/// The providers ip, tcp and udp. Their places, with the reasons, are in docs/D.md.
struct NetworkProbes {
    private(set) var probes: [Probe] = []
    private let types: TypeStore

    init(_ types: TypeStore, _ machine: KernelProbes.Machine) {
        self.types = types
        if machine.hasKprobes { addFunctions() } else { addTracepoints() }
    }

    private mutating func addFunctions() {
        for (function, family) in [("ip_rcv_core", PacketPlace.Family.ipv4), ("ip6_rcv_core", .ipv6)] {
            add("ip", "receive", function, family, [.isForThisHost])
        }
        for (function, family) in [("ip_finish_output2", PacketPlace.Family.ipv4), ("ip6_finish_output2", .ipv6)] {
            add("ip", "send", function, family, [], hasSocket: true)
        }
        let tcp = PacketPlace.Condition.hasTransport(6)
        add("tcp", "receive", "tcp_v4_rcv", .ipv4, [tcp], hasSocket: true)
        add("tcp", "receive", "tcp_v6_rcv", .ipv6, [tcp], hasSocket: true)
        add("tcp", "send", "__ip_local_out", .ipv4, [tcp], hasSocket: true)
        // ip6_xmit() makes the header; the next place has it, and forwarded packets, too.
        add("tcp", "send", "ip6_output", .ipv6, [.isLocallySent, tcp], hasSocket: true)
        let udp = PacketPlace.Condition.hasTransport(17)
        add("udp", "receive", "udp_rcv", .ipv4, [udp], hasSocket: true)
        add("udp", "receive", "udpv6_rcv", .ipv6, [udp], hasSocket: true)
        add("udp", "send", "ip_send_skb", .ipv4, [udp], hasSocket: true)
        add("udp", "send", "ip6_send_skb", .ipv6, [udp], hasSocket: true)
    }

    private mutating func add(
        _ provider: String, _ name: String, _ function: String, _ family: PacketPlace.Family,
        _ conditions: [PacketPlace.Condition], hasSocket: Bool = false
    ) {
        guard let parameter = packetParameter(of: function) else { return }
        let place = PacketPlace(
            parameter: parameter, family: family, conditions: conditions, hasSocket: hasSocket)
        probes.append(
            Probe(
                provider, module: "vmlinux", function: function, name: name,
                site: .function(function, atReturn: false, packet: place)))
    }

    /// Which parameter is the packet; nil if this kernel lacks the function.
    private func packetParameter(of function: String) -> Int? {
        guard let kernel = types.kernel, let id = kernel.find(.function, function),
            let prototype = kernel.prototype(of: id)
        else { return nil }
        return prototype.parameters.firstIndex { kernel.spelling(of: $0.type) == "struct sk_buff *" }
    }

    private mutating func addTracepoints() {
        let received =
            "from the tracepoint netif_receive_skb: also packets of bridge ports, and once per device of a stack"
        let sent =
            "from the tracepoint net_dev_start_xmit: after queueing disciplines, and without packets that end before"
        let places: [(String, [PacketPlace.Condition], [PacketPlace.Condition])] = [
            ("ip", [.isForThisHost], []),
            (
                "tcp", [.isForThisHost, .hasTransport(6), .isAddressedToDevice], [.isLocallySent, .hasTransport(6)]
            ),
            (
                "udp", [.isForThisHost, .hasTransport(17), .isAddressedToDevice], [.isLocallySent, .hasTransport(17)]
            ),
        ]
        for (provider, receive, send) in places {
            let local =
                provider == "ip"
                ? "" : "; a received packet counts if its destination is an address of the device it came in on"
            add(provider, "receive", tracepoint: "netif_receive_skb", receive, received + local)
            add(provider, "send", tracepoint: "net_dev_start_xmit", send, sent, hasSocket: true)
        }
    }

    private mutating func add(
        _ provider: String, _ name: String, tracepoint: String, _ conditions: [PacketPlace.Condition],
        _ approximation: String, hasSocket: Bool = false
    ) {
        let place = PacketPlace(
            parameter: 0, family: .byProtocol, conditions: conditions, hasSocket: hasSocket)
        probes.append(
            Probe(
                provider, module: "vmlinux", function: tracepoint, name: name,
                site: .tracepoint(tracepoint, packet: place),
                approximation: approximation))
    }
}
