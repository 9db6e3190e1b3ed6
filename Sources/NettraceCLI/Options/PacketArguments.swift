import ArgumentParser
import PacketFilter

/// Options for the contents of packets; they become one filter that runs in the kernel.
struct PacketArguments: ParsableArguments {
    @Option(
        name: [.customShort("s", allowingJoined: true), .customLong("saddr")],
        help: .init(
            "Source address: IPv4, IPv6, network (10.0.0.0/8) or host name; comma-separated.", valueName: "addr"))
    var sources: [String] = []

    @Option(
        name: [.customShort("d", allowingJoined: true), .customLong("daddr")],
        help: .init("Destination address.", valueName: "addr"))
    var destinations: [String] = []

    @Option(name: .customLong("addr"), help: .init("Source or destination address.", valueName: "addr"))
    var addresses: [String] = []

    @Option(
        name: [.customShort("p", allowingJoined: true), .customLong("proto")],
        help: .init(
            "Protocol of layer 3 or 4, by name (ip, ipv6, arp, tcp, udp, icmp, icmp6, …) or number.", valueName: "proto"
        ))
    var protocols: [String] = []

    @Option(
        name: [.customShort("S", allowingJoined: true), .customLong("sport")], parsing: .unconditionalSingleValue,
        help: .init("Source port: number, service name, range (8000-9000); comma-separated.", valueName: "port"))
    var sourcePorts: [String] = []

    @Option(
        name: [.customShort("D", allowingJoined: true), .customLong("dport")], parsing: .unconditionalSingleValue,
        help: .init("Destination port.", valueName: "port"))
    var destinationPorts: [String] = []

    @Option(
        name: [.customShort("P", allowingJoined: true), .customLong("port")], parsing: .unconditionalSingleValue,
        help: .init("Source or destination port.", valueName: "port"))
    var ports: [String] = []

    @Option(
        help: .init(
            "TCP flags that must all be set: S(yn) A(ck) R(st) P(ush) F(in) U(rg) E(ce) C(wr), as SA or SYN,ACK; "
                + "given again: or these.", valueName: "flags"))
    var tcpFlags: [String] = []

    @Option(
        name: [.customShort("F"), .customLong("filter-file")],
        help: .init("Also the expression in this file; '-': standard input.", valueName: "file"))
    var expressionFile: [String] = []

    @Flag(
        help: """
            Also match packets in tunnels: VXLAN, Geneve, GRE, ERSPAN, IPIP, SIT, GTP-U. For all filters on addresses, ports, \
            protocols and flags, and for the expression.
            """)
    var inner = false

    @Flag(help: "Also match ICMP errors that quote a packet which matches.")
    var quoted = false

    @Argument(help: .init("A pcap-filter(7) expression, as for tcpdump.", valueName: "filter expression"))
    var expression: [String] = []

    /// False if no option is given: every packet matches.
    var selectsPackets: Bool {
        [
            sources, destinations, addresses, protocols, sourcePorts, destinationPorts, ports, tcpFlags, expressionFile,
            expression,
        ]
        .contains { !$0.isEmpty }
    }

    /// The filter for the kernel; nil: every packet matches. A wrong filter ends the program with status 64.
    func filter(excluding excluded: [PacketArguments]) throws -> TranslatedFilter? {
        try checkViews()
        let options = try options(excluding: excluded)
        do {
            return try TranslatedFilter(options)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// The same filter for a recording.
    func replayFilter(excluding excluded: [PacketArguments]) throws -> ReplayFilter? {
        try checkViews()
        let options = try options(excluding: excluded)
        do {
            return try ReplayFilter(options)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private func checkViews() throws {
        guard inner || quoted, !selectsPackets else { return }
        throw ValidationError(
            "\(inner ? "--inner" : "--quoted") says where a filter looks: give one, such as --addr or an expression")
    }

    private func options(excluding excluded: [PacketArguments]) throws -> FilterOptions {
        var options = try options()
        options.excluded = try excluded.map { try $0.options() }
        return options
    }

    private func options() throws -> FilterOptions {
        var options = FilterOptions()
        options.sources = sources
        options.destinations = destinations
        options.addresses = addresses
        options.protocols = protocols
        options.sourcePorts = sourcePorts
        options.destinationPorts = destinationPorts
        options.ports = ports
        options.tcpFlags = tcpFlags
        options.inner = inner
        options.quoted = quoted
        options.expressions = try expressionFile.map(FilterFile.expression)
        if !expression.isEmpty { options.expressions.append(expression.joined(separator: " ")) }
        return options
    }
}
