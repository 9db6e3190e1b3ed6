import BPFCode
import DLanguage

/// Finds the headers of a probe's packet, and ends the firing if the probe is not for this packet.
struct PacketReader {
    let place: PacketPlace
    let needed: Set<ProbeInput>
    /// Slots: the address of the network header, its first bytes, the family, the protocol after it, the header's length.
    private(set) var network: StackSlot!
    private(set) var header: StackSlot!
    private(set) var family: StackSlot!
    private(set) var transport: StackSlot!
    private(set) var length: StackSlot!
    private(set) var skb: StackSlot!

    init(_ place: PacketPlace, _ needed: Set<ProbeInput>) {
        self.place = place
        self.needed = needed
    }

    mutating func emit(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        compiler.assembler.note("the packet")
        for case .parameter(let index, let wanted) in place.conditions {
            try compiler.emitParameter(index)
            compiler.assembler.emit(.jump32(.notEqual, .r0, UInt32(bitPattern: wanted), to: compiler.end))
        }
        try compiler.emitParameter(place.parameter)
        skb = compiler.storeInput("skb")
        if needed.contains(.socketBuffer) { compiler.inputs[.socketBuffer] = skb }
        if place.conditions.contains(.isForThisHost) {
            // include/uapi/linux/if_packet.h: PACKET_OTHERHOST.
            try compiler.emitMember("pkt_type", of: "sk_buff", at: skb)
            compiler.assembler.emit(.jump64(.equal, .r0, 3, to: compiler.end))
        }
        let origins: [(PacketPlace.Condition, refusal: Instruction.Condition)] = [
            (.isLocallySent, .notEqual), (.wasReceived, .equal),
        ]
        for (condition, refusal) in origins where place.conditions.contains(condition) {
            try compiler.emitMember("skb_iif", of: "sk_buff", at: skb)
            compiler.assembler.emit(.jump64(refusal, .r0, 0, to: compiler.end))
        }
        try emitFamily(&compiler)
        if needsTransport { emitTransport(&compiler) }
        emitSegmentConditions(&compiler)
        try emitDevice(&compiler)
        try emitSocket(&compiler)
        try emitDrop(&compiler)
        if needed.contains(.networkLength) { try emitLength(&compiler) }
        emitHeaders(&compiler)
    }

    private var needsTransport: Bool {
        !needed.isDisjoint(with: [.networkHeaderLength, .tcpHeader, .udpHeader])
            || place.conditions.contains { if case .hasTransport = $0 { true } else { false } }
    }

    /// The address, first bytes and version of the network header.
    private mutating func emitFamily(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        try compiler.emitMember("head", of: "sk_buff", at: skb)
        network = compiler.storeInput("network header")
        try compiler.emitMember("network_header", of: "sk_buff", at: skb)
        compiler.assembler.emit(.load(.double, .r1, from: network))
        compiler.assembler.emit(.arithmetic64(.add, .r0, .r1))
        compiler.assembler.emit(.store(.double, .r0, to: network))
        header = compiler.frame.reserve("first bytes", size: 24, &compiler.assembler)
        compiler.emitRead(20, at: network, plus: 0, to: header)
        compiler.assembler.emit(.jump64(.notEqual, .r0, 0, to: compiler.end))
        if place.family == .byProtocol { try emitProtocolCheck(&compiler) }
        compiler.assembler.emit(.load(.byte, .r0, from: header))
        compiler.assembler.emit(.arithmetic64(.shiftRight, .r0, 4))
        family = compiler.storeInput("family")
        let isIPv6 = compiler.assembler.makeLabel("ipv6")
        switch place.family {
        case .ipv6: compiler.assembler.emit(.jump64(.notEqual, .r0, 6, to: compiler.end))
        case .ipv4: compiler.assembler.emit(.jump64(.notEqual, .r0, 4, to: compiler.end))
        case .byProtocol:
            compiler.assembler.emit(.jump64(.equal, .r0, 6, to: isIPv6))
            compiler.assembler.emit(.jump64(.notEqual, .r0, 4, to: compiler.end))
        }
        if place.family != .ipv6 {
            compiler.assembler.emit(.load(.byte, .r0, from: header))
            compiler.assembler.emit(.arithmetic64(.and, .r0, 15))
            compiler.assembler.emit(.jump64(.less, .r0, 5, to: compiler.end))
        }
        compiler.assembler.place(isIPv6)
    }

    /// ETH_P_IP and ETH_P_IPV6 in network order.
    private func emitProtocolCheck(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        let isIP = compiler.assembler.makeLabel("is_ip")
        try compiler.emitMember("protocol", of: "sk_buff", at: skb)
        compiler.assembler.emit(.convert(.big, bits: 16, .r0))
        compiler.assembler.emit(.jump64(.equal, .r0, 0x0800, to: isIP))
        compiler.assembler.emit(.jump64(.notEqual, .r0, 0x86dd, to: compiler.end))
        compiler.assembler.place(isIP)
    }

    /// The protocol after the network header, 255 in later fragments, and the length of that header.
    private mutating func emitTransport(_ compiler: inout ProbeCompiler) {
        transport = compiler.frame.reserve("transport", size: 8, &compiler.assembler)
        length = compiler.frame.reserve("header length", size: 8, &compiler.assembler)
        let isIPv6 = compiler.assembler.makeLabel("ipv6")
        let done = compiler.assembler.makeLabel("transport")
        if place.family == .byProtocol {
            compiler.assembler.emit(.load(.double, .r0, from: family))
            compiler.assembler.emit(.jump64(.equal, .r0, 6, to: isIPv6))
        }
        if place.family != .ipv6 {
            compiler.assembler.emit(.load(.byte, .r0, from: header))
            compiler.assembler.emit(.arithmetic64(.and, .r0, 15))
            compiler.assembler.emit(.arithmetic64(.shiftLeft, .r0, 2))
            compiler.assembler.emit(.store(.double, .r0, to: length))
            compiler.assembler.emit(.store(.double, 255, to: transport))
            compiler.assembler.emit(.load(.half, .r0, from: header, plus: 6))
            compiler.assembler.emit(.convert(.big, bits: 16, .r0))
            compiler.assembler.emit(.arithmetic64(.and, .r0, 0x1fff))
            compiler.assembler.emit(.jump64(.notEqual, .r0, 0, to: done))
            compiler.assembler.emit(.load(.byte, .r0, from: header, plus: 9))
            compiler.assembler.emit(.store(.double, .r0, to: transport))
        }
        if place.family == .byProtocol { compiler.assembler.emit(.jump(done)) }
        compiler.assembler.place(isIPv6)
        if place.family != .ipv4 { emitExtensions(&compiler, done) }
        compiler.assembler.place(done)
        for condition in place.conditions {
            guard case .hasTransport(let wanted) = condition else { continue }
            compiler.assembler.emit(.load(.double, .r0, from: transport))
            compiler.assembler.emit(.jump64(.notEqual, .r0, Int32(wanted), to: compiler.end))
        }
        if needed.contains(.networkHeaderLength) { compiler.inputs[.networkHeaderLength] = length }
    }

    /// Walks over at most four extension headers of IPv6.
    private func emitExtensions(_ compiler: inout ProbeCompiler, _ done: Label) {
        compiler.assembler.emit(.store(.double, 40, to: length))
        compiler.assembler.emit(.load(.byte, .r0, from: header, plus: 6))
        compiler.assembler.emit(.store(.double, .r0, to: transport))
        let bytes = compiler.frame.temporary(&compiler.assembler)
        for _ in 0..<4 {
            let isOption = compiler.assembler.makeLabel("option")
            let isFragment = compiler.assembler.makeLabel("fragment")
            let isAuthentication = compiler.assembler.makeLabel("authentication")
            let add = compiler.assembler.makeLabel("add")
            compiler.assembler.emit(.load(.double, .r0, from: transport))
            for number: Int32 in [0, 43, 60] { compiler.assembler.emit(.jump64(.equal, .r0, number, to: isOption)) }
            compiler.assembler.emit(.jump64(.equal, .r0, 44, to: isOption))
            compiler.assembler.emit(.jump64(.notEqual, .r0, 51, to: done))
            compiler.assembler.place(isOption)
            compiler.assembler.emit(.load(.double, .r3, from: network))
            compiler.assembler.emit(.load(.double, .r0, from: length))
            compiler.assembler.emit(.arithmetic64(.add, .r3, .r0))
            compiler.assembler.emitAddress(.r1, of: bytes)
            compiler.assembler.emit(.arithmetic64(.move, .r2, 4))
            compiler.assembler.emit(.call(.probeReadKernel))
            compiler.assembler.emit(.jump64(.notEqual, .r0, 0, to: done))
            compiler.assembler.emit(.load(.double, .r2, from: transport))
            compiler.assembler.emit(.load(.byte, .r1, from: bytes, plus: 1))
            compiler.assembler.emit(.jump64(.equal, .r2, 44, to: isFragment))
            compiler.assembler.emit(.jump64(.equal, .r2, 51, to: isAuthentication))
            compiler.assembler.emit(.arithmetic64(.add, .r1, 1))
            compiler.assembler.emit(.arithmetic64(.shiftLeft, .r1, 3))
            compiler.assembler.emit(.jump(add))
            compiler.assembler.place(isAuthentication)
            compiler.assembler.emit(.arithmetic64(.add, .r1, 2))
            compiler.assembler.emit(.arithmetic64(.shiftLeft, .r1, 2))
            compiler.assembler.emit(.jump(add))
            compiler.assembler.place(isFragment)
            compiler.assembler.emit(.arithmetic64(.move, .r1, 8))
            compiler.assembler.place(add)
            compiler.assembler.emit(.load(.double, .r0, from: length))
            compiler.assembler.emit(.arithmetic64(.add, .r0, .r1))
            compiler.assembler.emit(.store(.double, .r0, to: length))
            compiler.assembler.emit(.load(.byte, .r1, from: bytes))
            compiler.assembler.emit(.store(.double, .r1, to: transport))
        }
        compiler.frame.free(bytes)
    }
}
