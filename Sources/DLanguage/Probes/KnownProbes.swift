import KernelTypes
import Tracers

/// The providers of nettrace: tables for ip, tcp and udp, the kernel's prototypes for fbt, sdt and syscall.
public final class KnownProbes: ProbeCatalog {
    private let types: TypeStore
    private var known: [String: ProbeSignature?] = [:]

    public init(types: TypeStore) { self.types = types }

    public func signature(of probe: ProbeDescription) -> ProbeSignature? {
        let key = probe.description
        if let signature = known[key] { return signature }
        let signature = find(probe)
        known[key] = .some(signature)
        return signature
    }

    private func find(_ probe: ProbeDescription) -> ProbeSignature? {
        switch probe.provider {
        case "": return unqualified(probe)
        case "dtrace": return ProbeSignature(words: [])
        case "profile": return ProbeSignature(words: [.kernelCounter, .userCounter])
        case "ip": return ip(probe.name)
        case "tcp": return tcp(probe.name)
        case "udp": return udp()
        case "fbt": return function(probe)
        case "sdt": return tracepoint(probe)
        case "syscall": return ProbeSignature(words: isReturn(probe) ? [.returnValue, .returnValue] : parameters(6))
        default: return nil
        }
    }

    /// `BEGIN` or `tick-1s` alone.
    private func unqualified(_ probe: ProbeDescription) -> ProbeSignature? {
        if ["BEGIN", "END", "ERROR"].contains(probe.name) { return ProbeSignature() }
        if probe.name.hasPrefix("tick-") || probe.name.hasPrefix("profile-") {
            return ProbeSignature(words: [.kernelCounter, .userCounter])
        }
        if !probe.function.isEmpty, ["entry", "return"].contains(probe.name) { return function(probe) }
        return nil
    }

    private func isReturn(_ probe: ProbeDescription) -> Bool { probe.name == "return" }

    private func parameters(_ count: Int) -> [ProbeInput] { (0..<count).map(ProbeInput.parameter) }

    // MARK: Packets

    /// `struct name *` of this kernel.
    private func pointer(_ structure: String) -> DType { .pointer(to: types.find([.structure], structure) ?? .void) }

    private var packet: ProbeArgument { ProbeArgument(.socketBuffer, pointer("sk_buff"), translated: "pktinfo_t") }
    private var connection: ProbeArgument { ProbeArgument(.socket, pointer("sock"), translated: "csinfo_t") }
    private var header: ProbeArgument { ProbeArgument(.socketBuffer, pointer("sk_buff"), translated: "ipinfo_t") }

    private func ip(_ name: String) -> ProbeSignature {
        var arguments = [
            packet, connection, header, ProbeArgument(.device, pointer("net_device"), translated: "ifinfo_t"),
            ProbeArgument(.ipv4Header, pointer("iphdr"), translated: "ipv4info_t"),
            ProbeArgument(.ipv6Header, pointer("ipv6hdr"), translated: "ipv6info_t"),
        ]
        var words: [ProbeInput] = [.socketBuffer, .socket, .socketBuffer, .device, .ipv4Header, .ipv6Header]
        if Glob("drop-*").matches(name) || name == "drop" {
            words.append(.dropReason)
            arguments.append(ProbeArgument(.dropReason, .unsignedInt, translated: "dropinfo_t"))
        }
        return ProbeSignature(arguments: arguments, words: words)
    }

    private func tcp(_ name: String) -> ProbeSignature {
        let socket = ProbeArgument(.socket, pointer("sock"), translated: "tcpsinfo_t")
        let segment = ProbeArgument(.tcpHeader, pointer("tcphdr"), translated: "tcpinfo_t")
        var arguments = [packet, connection, header, socket, segment]
        var words: [ProbeInput] = [.socketBuffer, .socket, .socketBuffer, .socket, .tcpHeader]
        if name == "state-change" {
            arguments.append(ProbeArgument(.oldState, .int, translated: "tcplsinfo_t"))
            words.append(.oldState)
        }
        return ProbeSignature(arguments: arguments, words: words)
    }

    private func udp() -> ProbeSignature {
        ProbeSignature(
            arguments: [
                packet, connection, header, ProbeArgument(.socket, pointer("sock"), translated: "udpsinfo_t"),
                ProbeArgument(.udpHeader, pointer("udphdr"), translated: "udpinfo_t"),
            ],
            words: [.socketBuffer, .socket, .socketBuffer, .socket, .udpHeader])
    }

    // MARK: Prototypes

    private func function(_ probe: ProbeDescription) -> ProbeSignature? {
        let words: [ProbeInput] = isReturn(probe) ? [.zero, .returnValue] : parameters(10)
        guard !Glob.isPattern(probe.function), !probe.function.isEmpty, ["entry", "return"].contains(probe.name),
            let (table, prototype) = prototype(of: probe.function)
        else {
            // Without a type the words are known all the same.
            return ["entry", "return"].contains(probe.name) ? ProbeSignature(words: words) : nil
        }
        if isReturn(probe) {
            let result = types.type(prototype.result, table: table)
            let offset = ProbeArgument(.zero, .unsignedLong)
            return ProbeSignature(
                arguments: result == .void ? [offset] : [offset, ProbeArgument(.returnValue, result)], words: words)
        }
        return ProbeSignature(arguments: arguments(prototype, table, skipping: 0), words: words)
    }

    private func tracepoint(_ probe: ProbeDescription) -> ProbeSignature? {
        let words = parameters(10)
        guard !Glob.isPattern(probe.name), !probe.name.isEmpty else { return ProbeSignature(words: words) }
        // DTrace writes two dashes for an underscore's twin; kernel names have underscores.
        let name = probe.name.replacing("-", with: "_")
        for (index, table) in types.tables.enumerated() {
            guard let id = table.find(.typedef, "btf_trace_" + name),
                let prototype = table.prototype(of: table.resolved(id).id)
            else { continue }
            return ProbeSignature(arguments: arguments(prototype, index, skipping: 1), words: words)
        }
        return ProbeSignature(words: words)
    }

    private func prototype(of function: String) -> (table: Int, prototype: Prototype)? {
        for (index, table) in types.tables.enumerated() {
            if let id = table.find(.function, function), let prototype = table.prototype(of: id) {
                return (index, prototype)
            }
        }
        return nil
    }

    private func arguments(_ prototype: Prototype, _ table: Int, skipping count: Int) -> [ProbeArgument] {
        prototype.parameters.dropFirst(count).enumerated().map { index, parameter in
            ProbeArgument(.parameter(index), types.type(parameter.type, table: table))
        }
    }
}
