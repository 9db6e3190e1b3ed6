import DLanguage
import KernelTypes

/// The providers ip, tcp and udp. Their places, with the reasons, are in docs/D.md.
struct NetworkProbes {
    private(set) var probes: [Probe] = []
    private let types: TypeStore

    init(_ types: TypeStore, _ machine: KernelProbes.Machine) {
        self.types = types
        if machine.hasKprobes { addFunctions() } else { addTracepoints() }
        addStates(hasKprobes: machine.hasKprobes)
        addDrops()
    }

    // MARK: Kernels with kprobes

    private mutating func addFunctions() {
        for (function, family) in [("ip_rcv_core", PacketPlace.Family.ipv4), ("ip6_rcv_core", .ipv6)] {
            add("ip", "receive", function, family, [.isForThisHost])
        }
        for (function, family) in [("ip_finish_output2", PacketPlace.Family.ipv4), ("ip6_finish_output2", .ipv6)] {
            add("ip", "send", function, family, [], .packet)
        }
        let tcp = PacketPlace.Condition.hasTransport(6)
        add("tcp", "receive", "tcp_v4_rcv", .ipv4, [tcp], .packet)
        add("tcp", "receive", "tcp_v6_rcv", .ipv6, [tcp], .packet)
        addSent("send", [], .packet)
        addSent("connect-request", Self.request, .packet)
        addSent("accept-refused", Self.refusal, .none)
        add("tcp", "connect-established", "tcp_finish_connect", .byProtocol, [tcp], .parameter(0))
        // BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, include/uapi/linux/bpf.h
        add(
            "tcp", "accept-established", "tcp_init_transfer", .byProtocol, [.parameter(1, equals: 5), tcp],
            .parameter(0))
        if packetParameter(of: "tcp_reset") != nil {
            add(
                "tcp", "connect-refused", "tcp_reset", .byProtocol, [tcp, .socketState(TCPState.synSent)],
                .parameter(0))
        } else {
            addConnectRefused()
        }
        let udp = PacketPlace.Condition.hasTransport(17)
        add("udp", "receive", "udp_rcv", .ipv4, [udp], .packet)
        add("udp", "receive", "udpv6_rcv", .ipv6, [udp], .packet)
        add("udp", "send", "ip_send_skb", .ipv4, [udp], .packet)
        add("udp", "send", "ip6_send_skb", .ipv6, [udp], .packet)
    }

    /// Segments that this machine sends. ip6_xmit() makes the header of IPv6; the next place has it, and forwarded packets,
    /// too.
    private mutating func addSent(
        _ name: String, _ conditions: [PacketPlace.Condition], _ socket: PacketPlace.SocketSource
    ) {
        let tcp = PacketPlace.Condition.hasTransport(6)
        add("tcp", name, "__ip_local_out", .ipv4, [tcp] + conditions, socket)
        add("tcp", name, "ip6_output", .ipv6, [.isLocallySent, tcp] + conditions, socket)
    }

    private mutating func add(
        _ provider: String, _ name: String, _ function: String, _ family: PacketPlace.Family,
        _ conditions: [PacketPlace.Condition], _ socket: PacketPlace.SocketSource = .none
    ) {
        guard let parameter = packetParameter(of: function) else { return }
        let place = PacketPlace(parameter: parameter, family: family, conditions: conditions, socket: socket)
        probes.append(
            Probe(
                provider, module: "vmlinux", function: function, name: name,
                site: .function(function, atReturn: false, .packet(place))))
    }

    /// Which parameter is the packet; nil if this kernel lacks the function.
    private func packetParameter(of function: String) -> Int? {
        guard let kernel = types.kernel, let id = kernel.find(.function, function),
            let prototype = kernel.prototype(of: id)
        else { return nil }
        return prototype.parameters.firstIndex { kernel.spelling(of: $0.type) == "struct sk_buff *" }
    }

    /// SYN without ACK of a socket that connects.
    private static let request: [PacketPlace.Condition] = [
        .tcpFlags(mask: 0x12, 0x02), .socketState(TCPState.synSent),
    ]
    /// A reset that answers a segment without an acknowledgement has number 0 (tcp_v4_send_reset, net/ipv4/tcp_ipv4.c).
    private static let refusal: [PacketPlace.Condition] = [.tcpFlags(mask: 0x16, 0x14), .isSequenceZero]

    // MARK: Kernels without kprobes

    private mutating func addTracepoints() {
        let received =
            "from the tracepoint netif_receive_skb: also packets of bridge ports, and once per device of a stack"
        let isAddressed = "; a received packet counts if its destination is an address of the device it came in on"
        let tcp = PacketPlace.Condition.hasTransport(6)
        let udp = PacketPlace.Condition.hasTransport(17)
        let local: [PacketPlace.Condition] = [.isForThisHost, .isAddressedToDevice]
        add("ip", "receive", received: [.isForThisHost], received)
        add("ip", "send", sent: [], .packet)
        add("tcp", "receive", received: local + [tcp], received + isAddressed)
        add("tcp", "send", sent: [.isLocallySent, tcp], .packet)
        add("tcp", "connect-request", sent: [.isLocallySent, tcp] + Self.request, .packet)
        add("tcp", "accept-refused", sent: [.isLocallySent, tcp] + Self.refusal, .none)
        // SYN and ACK, and ACK, have caused these changes of state.
        addChange("connect-established", from: TCPState.synSent, segment: 0x12)
        addChange("accept-established", from: TCPState.synReceived, segment: 0x10)
        addConnectRefused()
        add("udp", "receive", received: local + [udp], received + isAddressed)
        add("udp", "send", sent: [.isLocallySent, udp], .packet)
    }

    private mutating func add(
        _ provider: String, _ name: String, received conditions: [PacketPlace.Condition], _ approximation: String
    ) {
        add(
            provider, name, "netif_receive_skb",
            .packet(PacketPlace(parameter: 0, family: .byProtocol, conditions: conditions)), approximation)
    }

    private mutating func add(
        _ provider: String, _ name: String, sent conditions: [PacketPlace.Condition],
        _ socket: PacketPlace.SocketSource
    ) {
        add(
            provider, name, "net_dev_start_xmit",
            .packet(PacketPlace(parameter: 0, family: .byProtocol, conditions: conditions, socket: socket)),
            "from the tracepoint net_dev_start_xmit: after queueing disciplines, and without packets that end before")
    }

    private mutating func add(
        _ provider: String, _ name: String, _ tracepoint: String, _ place: ProbePlace, _ approximation: String? = nil
    ) {
        probes.append(
            Probe(
                provider, module: "vmlinux", function: tracepoint, name: name, site: .tracepoint(tracepoint, place),
                approximation: approximation))
    }

    // MARK: Connections

    private static let madeUp = "; the segment has only addresses, ports and flags, from the socket"

    private mutating func addChange(_ name: String, from state: UInt8, segment: UInt8) {
        let place = ConnectionPlace(
            socket: 0, oldState: 1, newState: 2, from: Int32(state), to: Int32(TCPState.established), segment: segment)
        add(
            "tcp", name, "inet_sock_set_state", .connection(place),
            "from the tracepoint inet_sock_set_state" + Self.madeUp)
    }

    /// RST and ACK for a socket that connects.
    private mutating func addConnectRefused() {
        let place = ConnectionPlace(socket: 0, state: TCPState.synSent, segment: 0x14)
        add(
            "tcp", "connect-refused", "tcp_receive_reset", .connection(place),
            "from the tracepoint tcp_receive_reset" + Self.madeUp)
    }

    /// TIME_WAIT is the state of a small socket that takes the place of the real one, which closes.
    private mutating func addStates(hasKprobes: Bool) {
        let change = ConnectionPlace(socket: 0, oldState: 1, newState: 2)
        add(
            "tcp", "state-change", "inet_sock_set_state", .connection(change),
            hasKprobes ? nil : "from the tracepoint inet_sock_set_state: TIME_WAIT shows as CLOSED")
        guard hasKprobes, types.kernel?.find(.function, "tcp_time_wait") != nil else { return }
        let wait = ConnectionPlace(socket: 0, newState: 1, to: Int32(TCPState.timeWait))
        probes.append(
            Probe(
                "tcp", module: "vmlinux", function: "tcp_time_wait", name: "state-change",
                site: .function("tcp_time_wait", atReturn: false, .connection(wait))))
    }

    // MARK: Drops

    private mutating func addDrops() {
        guard let kernel = types.kernel, let id = kernel.find(.typedef, "btf_trace_kfree_skb"),
            let prototype = kernel.prototype(of: kernel.resolved(id).id)
        else { return }
        // The first parameter is the tracepoint's data. Linux 5.17 and newer give the reason.
        let reason = prototype.parameters.firstIndex { kernel.spelling(of: $0.type) == "enum skb_drop_reason" }
        for (name, condition) in [("drop-in", PacketPlace.Condition.wasReceived), ("drop-out", .isLocallySent)] {
            let place = PacketPlace(
                parameter: 0, family: .byProtocol, conditions: [condition], socket: .packet,
                reason: reason.map { $0 - 1 }, location: 1)
            add("ip", name, "kfree_skb", .packet(place))
        }
    }
}

/// include/net/tcp_states.h
private enum TCPState {
    static let established: UInt8 = 1
    static let synSent: UInt8 = 2
    static let synReceived: UInt8 = 3
    static let timeWait: UInt8 = 6
}
