/// A classic BPF program for SO_ATTACH_FILTER of a packet socket, which sees frames of all kinds of devices
/// (socket(7); net/core/filter.c, bpf_convert_filter).
///
/// The type of the device selects one of three programs, compiled for Ethernet, for plain IP, and for headers that the
/// capture replaces. Of a packet on the loopback device, which is seen leaving and arriving, the filter keeps the
/// arriving one, as tcpdump does.
public struct SocketFilter: Equatable, Sendable {
    public let instructions: [ClassicInstruction]
    /// The expression that it stands for; nil for all packets.
    public let expression: String?

    /// Offsets of loads that mean data beside the packet (include/uapi/linux/filter.h): SKF_AD_OFF + SKF_AD_PROTOCOL,
    /// _PKTTYPE, _IFINDEX and _HATYPE; and SKF_NET_OFF, the network header.
    private enum Extension {
        static let network: UInt32 = 0xfff0_0000
        static let networkProtocol: UInt32 = 0xffff_f000
        static let packetType: UInt32 = 0xffff_f004
        static let ifindex: UInt32 = 0xffff_f008
        static let hardwareType: UInt32 = 0xffff_f01c
    }

    /// PACKET_OTHERHOST, PACKET_OUTGOING; ARPHRD_LOOPBACK.
    private static let otherHost: UInt32 = 3
    private static let outgoing: UInt32 = 4
    private static let loopback: UInt32 = 772
    /// Of the cooked header, which the network header follows.
    private static let cookedSize: UInt32 = 20

    /// - Parameters:
    ///   - expression: pcap-filter(7); nil for all packets.
    ///   - acceptsOthers: packets for other machines, which a promiscuous device receives.
    ///   - snapLength: the most bytes of a packet to keep, from 1 on.
    public init(_ expression: String?, acceptsOthers: Bool, snapLength: UInt32) throws(FilterError) {
        self.expression = expression
        var instructions = Self.preamble(acceptsOthers: acceptsOthers)
        guard let expression else {
            self.instructions = instructions + [Self.accept(snapLength)]
            return
        }
        let ethernet = try Self.program(expression, .ethernet, snapLength)
        // An expression such as `ether host` matches no packet without this header.
        let ip = (try? Self.program(expression, .ip, snapLength)) ?? [Self.drop]
        let cooked = (try? Self.program(expression, .cooked, snapLength)) ?? [Self.drop]
        let devices = LinkHeader.ethernetDevices.map { ($0, true) } + LinkHeader.ipDevices.map { ($0, false) }
        instructions.append(Self.load(Extension.hardwareType))
        // After the tests: to the cooked program, to that for Ethernet, to that for IP.
        for (place, (type, isEthernet)) in devices.enumerated() {
            let left = devices.count - 1 - place
            instructions.append(Self.jump(ifEqual: UInt32(type), UInt8(left + (isEthernet ? 1 : 2))))
        }
        instructions.append(Self.jump(UInt32(2 + ethernet.count + ip.count)))
        instructions.append(Self.jump(1))
        instructions.append(Self.jump(UInt32(ethernet.count)))
        instructions += ethernet + ip + cooked
        guard instructions.count <= ClassicProgram.maximumCount else { throw .tooLarge(expression: expression) }
        self.instructions = instructions
    }

    /// A program that distinguishes the frames of all devices by itself.
    public init(_ prefilter: PacketPrefilter, acceptsOthers: Bool, snapLength: UInt32) throws(FilterError) {
        expression = nil
        let preamble = Self.preamble(acceptsOthers: acceptsOthers)
        guard preamble.count + prefilter.instructions.count <= ClassicProgram.maximumCount else {
            throw .tooLarge(expression: "")
        }
        instructions =
            preamble
            + prefilter.instructions.map { instruction in
                instruction.code == Self.drop.code && instruction.k > 0 ? Self.accept(snapLength) : instruction
            }
    }

    /// Tests of all packets; the others reach the instruction after it.
    private static func preamble(acceptsOthers: Bool) -> [ClassicInstruction] {
        let others = acceptsOthers ? [] : [jump(ifEqual: otherHost, 3)]
        return [load(Extension.packetType)] + others + [
            jump(ifEqual: outgoing, 0, else: 3),
            load(Extension.hardwareType),
            jump(ifEqual: loopback, 0, else: 1),
            drop,
        ]
    }

    private static func program(
        _ expression: String, _ header: LinkHeader, _ snapLength: UInt32
    ) throws(FilterError) -> [ClassicInstruction] {
        let program = try ClassicProgram(compiling: expression, for: header)
        var instructions = program.instructions
        for (place, operation) in program.operations.enumerated() {
            switch operation {
            case .returnConstant where instructions[place].k > 0:
                instructions[place].k = accept(snapLength).k
            case .loadPacket, .loadXHeaderLength:
                guard header == .cooked else { continue }
                guard let offset = cookedOffset(instructions[place].k) else {
                    throw .unsupported(expression: expression, reason: "it reads a link header that is not captured")
                }
                instructions[place].k = offset
            default: continue
            }
        }
        return instructions
    }

    /// The offset that has a byte of a cooked packet: the socket has no cooked header.
    private static func cookedOffset(_ offset: UInt32) -> UInt32? {
        switch offset {
        case 0: Extension.networkProtocol
        case 4: Extension.ifindex
        case 8: Extension.hardwareType
        case 10: Extension.packetType
        case cookedSize...: Extension.network + (offset - cookedSize)
        default: nil
        }
    }

    private static let drop = ClassicInstruction(code: 0x06)

    /// Keeps more than the snap length, since the header may be replaced by a longer one.
    private static func accept(_ snapLength: UInt32) -> ClassicInstruction {
        ClassicInstruction(code: 0x06, k: min(snapLength, .max - cookedSize) + cookedSize)
    }

    private static func load(_ offset: UInt32) -> ClassicInstruction { ClassicInstruction(code: 0x20, k: offset) }

    private static func jump(_ distance: UInt32) -> ClassicInstruction { ClassicInstruction(code: 0x05, k: distance) }

    private static func jump(ifEqual value: UInt32, _ distance: UInt8, else other: UInt8 = 0) -> ClassicInstruction {
        ClassicInstruction(code: 0x15, jumpTrue: distance, jumpFalse: other, k: value)
    }
}
