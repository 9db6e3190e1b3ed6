import BPFCode
import DLanguage

// The values of a packet that clauses use, once its headers are found.
extension PacketReader {
    func emitDevice(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        let checksAddress = place.conditions.contains(.isAddressedToDevice)
        guard checksAddress || needed.contains(.device) else { return }
        try compiler.emitMember("dev", of: "sk_buff", at: skb)
        let device = compiler.storeInput("device")
        compiler.inputs[.device] = device
        if checksAddress {
            try DeviceAddresses(
                family: place.family, familySlot: family, header: header, network: network, device: device
            )
            .emit(&compiler)
        }
    }

    func emitSocket(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        let states = place.conditions.compactMap { if case .socketState(let state) = $0 { state } else { nil } }
        guard !states.isEmpty || !needed.isDisjoint(with: [.socket, .newState]) else { return }
        switch place.socket {
        case .none: compiler.assembler.emit(.arithmetic64(.move, .r0, 0))
        case .packet: try compiler.emitMember("sk", of: "sk_buff", at: skb)
        case .parameter(let index): try compiler.emitParameter(index)
        }
        let socket = compiler.storeInput("socket")
        compiler.inputs[.socket] = socket
        guard !states.isEmpty || needed.contains(.newState) else { return }
        // Sockets begin with struct sock_common. The state of no socket reads as 0.
        try compiler.emitMember("skc_state", of: "sock_common", at: socket)
        for state in states { compiler.assembler.emit(.jump64(.notEqual, .r0, Int32(state), to: compiler.end)) }
        if needed.contains(.newState) { compiler.inputs[.newState] = compiler.storeInput("state") }
    }

    /// Flags and number of the TCP header.
    func emitSegmentConditions(_ compiler: inout ProbeCompiler) {
        var flags: [(mask: UInt8, value: UInt8)] = []
        for case .tcpFlags(let mask, let value) in place.conditions { flags.append((mask, value)) }
        let isZero = place.conditions.contains(.isSequenceZero)
        guard isZero || !flags.isEmpty else { return }
        let segment = compiler.frame.block("segment", size: 16, &compiler.assembler)
        compiler.assembler.emit(.load(.double, .r3, from: network))
        compiler.assembler.emit(.load(.double, .r1, from: length))
        compiler.assembler.emit(.arithmetic64(.add, .r3, .r1))
        compiler.assembler.emitAddress(.r1, of: segment)
        compiler.assembler.emit(.arithmetic64(.move, .r2, 16))
        compiler.assembler.emit(.call(.probeReadKernel))
        compiler.assembler.emit(.jump64(.notEqual, .r0, 0, to: compiler.end))
        for (mask, value) in flags {
            compiler.assembler.emit(.load(.byte, .r0, from: segment, plus: 13))
            compiler.assembler.emit(.arithmetic64(.and, .r0, Int32(mask)))
            compiler.assembler.emit(.jump64(.notEqual, .r0, Int32(value), to: compiler.end))
        }
        if isZero {
            compiler.assembler.emit(.load(.word, .r0, from: segment, plus: 4))
            compiler.assembler.emit(.jump64(.notEqual, .r0, 0, to: compiler.end))
        }
        compiler.frame.freeBlock(segment)
    }

    /// The reason and the place of a drop, as far as the kernel gives them.
    func emitDrop(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        for (input, parameter) in [(ProbeInput.dropReason, place.reason), (.dropLocation, place.location)]
        where needed.contains(input) {
            if let parameter {
                try compiler.emitParameter(parameter)
                if input == .dropReason { compiler.assembler.emit(.arithmetic32(.move, .r0, .r0)) }
            } else {
                compiler.assembler.emit(.arithmetic64(.move, .r0, 0))
            }
            compiler.inputs[input] = compiler.storeInput("\(input)")
        }
    }

    /// skb->len counts from skb->data, which may lie before or after the network header.
    func emitLength(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        try compiler.emitMember("len", of: "sk_buff", at: skb)
        let slot = compiler.storeInput("network length")
        try compiler.emitMember("data", of: "sk_buff", at: skb)
        compiler.assembler.emit(.load(.double, .r1, from: slot))
        compiler.assembler.emit(.arithmetic64(.add, .r0, .r1))
        compiler.assembler.emit(.load(.double, .r1, from: network))
        compiler.assembler.emit(.arithmetic64(.subtract, .r0, .r1))
        compiler.assembler.emit(.arithmetic32(.move, .r0, .r0))
        compiler.assembler.emit(.store(.double, .r0, to: slot))
        compiler.inputs[.networkLength] = slot
    }

    /// Addresses of headers; 0 for those that the packet does not have.
    func emitHeaders(_ compiler: inout ProbeCompiler) {
        for (input, wanted) in [(ProbeInput.ipv4Header, Int32(4)), (.ipv6Header, 6)] where needed.contains(input) {
            emitIf(family, is: wanted, &compiler) { compiler in
                compiler.assembler.emit(.load(.double, .r0, from: network))
            }
            compiler.inputs[input] = compiler.storeInput("\(input)")
        }
        for (input, wanted) in [(ProbeInput.tcpHeader, Int32(6)), (.udpHeader, 17)] where needed.contains(input) {
            emitIf(transport, is: wanted, &compiler) { compiler in
                compiler.assembler.emit(.load(.double, .r0, from: network))
                compiler.assembler.emit(.load(.double, .r1, from: length))
                compiler.assembler.emit(.arithmetic64(.add, .r0, .r1))
            }
            compiler.inputs[input] = compiler.storeInput("\(input)")
        }
    }

    /// r0: 0, or what `body` leaves there.
    private func emitIf(
        _ slot: StackSlot, is wanted: Int32, _ compiler: inout ProbeCompiler, _ body: (inout ProbeCompiler) -> Void
    ) {
        let other = compiler.assembler.makeLabel("other")
        compiler.assembler.emit(.load(.double, .r1, from: slot))
        compiler.assembler.emit(.arithmetic64(.move, .r0, 0))
        compiler.assembler.emit(.jump64(.notEqual, .r1, wanted, to: other))
        body(&compiler)
        compiler.assembler.place(other)
    }
}
