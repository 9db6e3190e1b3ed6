import Culprits
import Diagnosis
import HostInspection
import NetfilterRules
import Netlink
import Protocols

/// A machine made of texts: commands as they are typed, and their output.
struct FakeNamespace: NamespaceView {
    var commands: [String: String] = [:]
    var sysctls: [String: String] = [:]
    /// By the namespace's id in this one.
    var others: [Int: [String: String]] = [:]
    var files: [String: String] = [:]
    var programs: [ControlGroupProgram] = []
    /// By direction: whether they see sent packets.
    var devicePrograms: [Bool: [DeviceProgram]] = [:]
    var securityPrograms: [SecurityProgram] = []
    var activeModules: [String]?
    /// By process.
    var groups: [UInt32: String] = [:]
    var filters: [UInt32: SocketFilter] = [:]
    var minimumTTLs: [UInt32: Int32] = [:]
    var socketGroup: UInt32?
    var modules: Set<String> = []
    var generation: UInt32?
    var earlier: RulesetListings?
    var now: UInt64 = 1000

    func output(of command: [String]) throws(InspectionFailure) -> String {
        guard let text = commands[command.joined(separator: " ")] else {
            throw InspectionFailure("no such command here: \(command.joined(separator: " "))")
        }
        return text
    }

    func answers<Question: NetlinkQuestion>(to question: Question) throws(NetlinkError) -> [Question.Element] {
        try KernelOfTexts(commands: commands).answers(to: question)
    }

    func name(ofProgram id: UInt32) -> String { KernelOfTexts(commands: commands).name(ofProgram: id) }
    func socketProcesses() -> [UInt64: SocketProcess] { KernelOfTexts(commands: commands).socketProcesses }
    func routingNames() -> RoutingNames { RoutingNames() }

    func sysctl(_ path: String) -> String? { sysctls[path] }

    func namespace(numbered number: Int) -> (any NamespaceView)? {
        others[number].map { FakeNamespace(commands: $0) }
    }
    func file(_ path: String) -> String? { files[path] }
    func controlGroupPrograms(egress: Bool) throws(InspectionFailure) -> [ControlGroupProgram] { programs }
    func devicePrograms(ifindex: UInt32, egress: Bool) -> [DeviceProgram] { devicePrograms[egress] ?? [] }
    func securityPrograms(at hook: String) throws(InspectionFailure) -> [SecurityProgram] {
        hook == "socket_sock_rcv_skb" ? securityPrograms : []
    }
    func securityModules() -> [String]? { activeModules }
    func controlGroup(ofProcess pid: UInt32) -> String? { groups[pid] }
    func minimumTTL(ofDescriptor descriptor: Int32, process: UInt32, isIPv6: Bool) -> Int32? { minimumTTLs[process] }
    func filter(ofDescriptor descriptor: Int32, process: UInt32) -> SocketFilter? { filters[process] }
    func group(ofSocket inode: UInt64, process: UInt32) -> UInt32? { socketGroup }
    func mayUse(module: String) -> Bool { modules.contains(module) }
    func rulesGeneration() -> UInt32? { generation }
    func earlierRules(before time: UInt64) -> RulesetListings? {
        earlier.flatMap { $0.completeAt ?? 0 < time ? $0 : nil }
    }
    func keep(_ rules: RulesetListings) {}
}

extension Evidence {
    /// A UDP datagram over IPv4 from 10.0.0.1 port 4000, lost on eth0.
    static func datagram(to address: [UInt8] = [10, 0, 0, 2], port: UInt8 = 53, proto: UInt8 = 17) -> Evidence {
        var evidence = Evidence(event: 3, skb: 0xffff_8881_0000_0000)
        var bytes: [UInt8] = [0x45, 0, 0, 28, 0, 1, 0, 0, 64, proto, 0, 0, 10, 0, 0, 1] + address
        bytes += [0x0f, 0xa0, 0, port, 0, 8, 0, 0] + [UInt8](repeating: 0, count: 12)
        let frame = [UInt8](repeating: 0, count: 14) + bytes
        evidence.packet = Packet(
            decoding: frame.span.bytes,
            layout: PacketLayout(startsAtLink: false, networkOffset: 14, etherType: 0x0800))
        evidence.device = Device(name: "eth0", ifindex: 2, netns: 4_026_531_840)
        evidence.inDevice = evidence.device
        evidence.length = 28
        return evidence
    }

    /// The same in an Ethernet frame; parameters are the last bytes of the MAC addresses 02:00:00:00:00:xx.
    static func frame(
        from source: UInt8 = 1, to destination: [UInt8] = [2, 0, 0, 0, 0, 2], on device: String = "eth0",
        at function: String? = nil, vlans: [UInt16] = [], etherType: UInt16 = 0x0800
    ) -> Evidence {
        var evidence = datagram()
        var bytes = destination + [2, 0, 0, 0, 0, source, UInt8(etherType >> 8), UInt8(etherType & 0xff)]
        bytes += [0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x0f, 0xa0, 0, 53, 0, 8, 0, 0]
        evidence.packet = Packet(
            decoding: bytes.span.bytes,
            layout: PacketLayout(startsAtLink: true, networkOffset: 14, etherType: etherType))
        evidence.etherType = etherType
        evidence.device = Device(name: device, ifindex: 2, netns: 4_026_531_840)
        evidence.inDevice = evidence.device
        evidence.function = function
        evidence.vlans = vlans
        return evidence
    }
}

extension Evidence {
    /// The same with other bytes from L3 on, captured and decoded.
    func with(_ bytes: [UInt8], etherType: UInt16 = 0x0800) -> Evidence {
        var evidence = self
        let frame = [UInt8](repeating: 0, count: 14) + bytes
        evidence.packet = Packet(
            decoding: frame.span.bytes,
            layout: PacketLayout(startsAtLink: false, networkOffset: 14, etherType: etherType))
        evidence.bytes = bytes
        evidence.length = UInt32(bytes.count)
        return evidence
    }

    /// A UDP datagram from fd09::1 port 4000 to fd09::2 port 53.
    static var datagramOverIPv6: Evidence {
        let prefix: [UInt8] = [0xfd, 9] + [UInt8](repeating: 0, count: 13)
        let header: [UInt8] = [0x60, 0, 0, 0, 0, 8, 17, 64] + prefix + [1] + prefix + [2]
        return Evidence.datagram().with(header + [0x0f, 0xa0, 0, 53, 0, 8, 0, 0], etherType: 0x86dd)
    }

    /// A TCP segment from 10.0.0.1 port 4000 to 10.0.0.2 port 80.
    static func segment(flags: UInt8, sequence: UInt8 = 7, payload: Int = 0) -> Evidence {
        let total = UInt8(40 + payload)
        let ip: [UInt8] = [0x45, 0, 0, total, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        let tcp: [UInt8] = [0x0f, 0xa0, 0, 80, 0, 0, 0, sequence, 0, 0, 0, 9, 0x50, flags, 4, 0, 0, 0, 0, 0]
        return Evidence.datagram().with(ip + tcp + [UInt8](repeating: 0, count: payload))
    }
}

/// The culprit, if there is exactly one.
func culprit(_ answer: CulpritAnswer) -> Culprit? {
    if case .found(let culprit) = answer { culprit } else { nil }
}

/// The reason why there is no single culprit.
func doubt(_ answer: CulpritAnswer) -> String? {
    switch answer {
    case .unknown(let because), .oneOf(_, let because): because
    case .found, .none: nil
    }
}
