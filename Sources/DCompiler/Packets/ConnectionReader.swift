import BPFCode
import DLanguage

/// Finds the values of a place that has a connection and no packet, and ends the firing if the probe is not for it.
struct ConnectionReader {
    private let place: ConnectionPlace
    private let needed: Set<ProbeInput>

    init(_ place: ConnectionPlace, _ needed: Set<ProbeInput>) {
        self.place = place
        self.needed = needed
    }

    func emit(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        compiler.assembler.note("the connection")
        for (parameter, wanted) in [(place.oldState, place.from), (place.newState, place.to)] {
            guard let parameter, let wanted else { continue }
            try compiler.emitParameter(parameter)
            compiler.assembler.emit(.jump32(.notEqual, .r0, UInt32(bitPattern: wanted), to: compiler.end))
        }
        try compiler.emitParameter(place.socket)
        let socket = compiler.storeInput("socket")
        compiler.inputs[.socket] = socket
        // IPPROTO_TCP, include/uapi/linux/in.h
        try compiler.emitMember("sk_protocol", of: "sock", at: socket)
        compiler.assembler.emit(.jump64(.notEqual, .r0, 6, to: compiler.end))
        if let state = place.state {
            try compiler.emitMember("skc_state", of: "sock_common", at: socket)
            compiler.assembler.emit(.jump64(.notEqual, .r0, Int32(state), to: compiler.end))
        }
        try emitStates(&compiler, socket)
        for input in Self.packetInputs where needed.contains(input) {
            compiler.assembler.emit(.arithmetic64(.move, .r0, 0))
            compiler.inputs[input] = compiler.storeInput("\(input)")
        }
        guard let flags = place.segment, !needed.isDisjoint(with: Self.packetInputs) else { return }
        try MadeSegment(flags: flags, socket: socket, needed: needed).emit(&compiler)
    }

    private static let packetInputs: [ProbeInput] = [
        .socketBuffer, .device, .ipv4Header, .ipv6Header, .tcpHeader, .udpHeader, .networkLength, .networkHeaderLength,
    ]

    private func emitStates(_ compiler: inout ProbeCompiler, _ socket: StackSlot) throws(Diagnostic) {
        for (input, parameter) in [(ProbeInput.oldState, place.oldState), (.newState, place.newState)]
        where needed.contains(input) {
            if let parameter {
                try compiler.emitParameter(parameter)
                compiler.assembler.emit(.arithmetic32(.move, .r0, .r0))
            } else {
                try compiler.emitMember("skc_state", of: "sock_common", at: socket)
            }
            compiler.inputs[input] = compiler.storeInput("\(input)")
        }
    }
}

/// The headers of a received segment, made up from its socket: addresses, ports and flags are known, the rest is 0. They lie
/// on the program's stack.
struct MadeSegment {
    let flags: UInt8
    let socket: StackSlot
    let needed: Set<ProbeInput>

    func emit(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        let ip = compiler.frame.reserve("ip header", size: 40, &compiler.assembler)
        let tcp = compiler.frame.reserve("tcp header", size: 24, &compiler.assembler)
        for offset in stride(from: 0, to: 24, by: 8) {
            compiler.assembler.emit(.store(.double, 0, to: tcp, plus: offset))
        }
        // Words of four bytes: data offset 5, and the flags.
        compiler.assembler.emit(.store(.half, 0x50 | Int32(flags) << 8, to: tcp, plus: 12))
        try compiler.emitMember("skc_dport", of: "sock_common", at: socket)
        compiler.assembler.emit(.store(.half, .r0, to: tcp, plus: 0))
        try compiler.emitMember("skc_num", of: "sock_common", at: socket)
        compiler.assembler.emit(.convert(.big, bits: 16, .r0))
        compiler.assembler.emit(.store(.half, .r0, to: tcp, plus: 2))
        setAddress(of: tcp, .tcpHeader, &compiler)
        let isIPv6 = compiler.assembler.makeLabel("ipv6")
        let done = compiler.assembler.makeLabel("made")
        try compiler.emitMember("skc_family", of: "sock_common", at: socket)
        // AF_INET6, include/linux/socket.h
        compiler.assembler.emit(.jump64(.equal, .r0, 10, to: isIPv6))
        try emitIPv4(ip, &compiler)
        compiler.assembler.emit(.jump(done))
        compiler.assembler.place(isIPv6)
        try emitIPv6(ip, &compiler)
        compiler.assembler.place(done)
    }

    private func setAddress(of slot: StackSlot, _ input: ProbeInput, _ compiler: inout ProbeCompiler) {
        guard let place = compiler.inputs[input] else { return }
        compiler.assembler.emitAddress(.r0, of: slot)
        compiler.assembler.emit(.store(.double, .r0, to: place))
    }

    private func setLengths(header: Int32, _ compiler: inout ProbeCompiler) {
        for (input, bytes) in [(ProbeInput.networkHeaderLength, header), (.networkLength, header + 20)] {
            guard let place = compiler.inputs[input] else { continue }
            compiler.assembler.emit(.store(.double, bytes, to: place))
        }
    }

    private func emitIPv4(_ ip: StackSlot, _ compiler: inout ProbeCompiler) throws(Diagnostic) {
        for offset in stride(from: 0, to: 40, by: 8) {
            compiler.assembler.emit(.store(.double, 0, to: ip, plus: offset))
        }
        compiler.assembler.emit(.store(.byte, 0x45, to: ip))
        compiler.assembler.emit(.store(.byte, 40, to: ip, plus: 3))
        compiler.assembler.emit(.store(.byte, 6, to: ip, plus: 9))
        for (member, offset) in [("skc_daddr", 12), ("skc_rcv_saddr", 16)] {
            try compiler.emitMember(member, of: "sock_common", at: socket)
            compiler.assembler.emit(.store(.word, .r0, to: ip, plus: offset))
        }
        setAddress(of: ip, .ipv4Header, &compiler)
        setLengths(header: 20, &compiler)
    }

    private func emitIPv6(_ ip: StackSlot, _ compiler: inout ProbeCompiler) throws(Diagnostic) {
        compiler.assembler.emit(.store(.double, 0, to: ip))
        compiler.assembler.emit(.store(.byte, 0x60, to: ip))
        compiler.assembler.emit(.store(.byte, 20, to: ip, plus: 5))
        compiler.assembler.emit(.store(.byte, 6, to: ip, plus: 6))
        for (member, place) in [("skc_v6_daddr", 8), ("skc_v6_rcv_saddr", 24)] {
            guard let offset = compiler.program.offset(of: member, in: "sock_common") else { continue }
            compiler.emitRead(16, at: socket, plus: offset, to: ip, slotOffset: place)
        }
        setAddress(of: ip, .ipv6Header, &compiler)
        setLengths(header: 40, &compiler)
    }
}
