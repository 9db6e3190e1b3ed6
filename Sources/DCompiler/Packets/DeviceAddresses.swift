import BPFCode
import DLanguage

/// Lets a packet pass only if it is addressed to the device that it came in on. For kernels without probes in TCP and UDP:
/// there, a received packet is seen before the kernel decides between delivery and forwarding.
struct DeviceAddresses {
    let family: PacketPlace.Family
    let familySlot: StackSlot
    /// The first 20 bytes of the network header.
    let header: StackSlot
    let network: StackSlot
    let device: StackSlot

    /// Addresses of a device that are looked at.
    private static let limit = 6

    func emit(_ compiler: inout ProbeCompiler) throws(Diagnostic) {
        let isLocal = compiler.assembler.makeLabel("local")
        let isIPv6 = compiler.assembler.makeLabel("ipv6")
        try compiler.emitMember("flags", of: "net_device", at: device)
        // IFF_LOOPBACK, include/uapi/linux/if.h
        compiler.assembler.emit(.arithmetic64(.and, .r0, 8))
        compiler.assembler.emit(.jump64(.notEqual, .r0, 0, to: isLocal))
        compiler.assembler.emit(.load(.double, .r0, from: familySlot))
        compiler.assembler.emit(.jump64(.equal, .r0, 6, to: isIPv6))
        try emitIPv4(&compiler, isLocal)
        compiler.assembler.emit(.jump(compiler.end))
        compiler.assembler.place(isIPv6)
        try emitIPv6(&compiler, isLocal)
        compiler.assembler.emit(.jump(compiler.end))
        compiler.assembler.place(isLocal)
    }

    /// The list in_device->ifa_list.
    private func emitIPv4(_ compiler: inout ProbeCompiler, _ isLocal: Label) throws(Diagnostic) {
        let entry = compiler.frame.temporary(&compiler.assembler)
        try compiler.emitMember("ip_ptr", of: "net_device", at: device)
        compiler.assembler.emit(.jump64(.equal, .r0, 0, to: compiler.end))
        compiler.assembler.emit(.store(.double, .r0, to: entry))
        try compiler.emitMember("ifa_list", of: "in_device", at: entry)
        for _ in 0..<Self.limit {
            compiler.assembler.emit(.jump64(.equal, .r0, 0, to: compiler.end))
            compiler.assembler.emit(.store(.double, .r0, to: entry))
            try compiler.emitMember("ifa_local", of: "in_ifaddr", at: entry)
            compiler.assembler.emit(.load(.word, .r1, from: header, plus: 16))
            compiler.assembler.emit(.jump32(.equal, .r0, .r1, to: isLocal))
            try compiler.emitMember("ifa_next", of: "in_ifaddr", at: entry)
        }
        compiler.frame.free(entry)
    }

    /// The list inet6_dev->addr_list, a ring of inet6_ifaddr->if_list.
    private func emitIPv6(_ compiler: inout ProbeCompiler, _ isLocal: Label) throws(Diagnostic) {
        guard let list = compiler.program.offset(of: "addr_list", in: "inet6_dev"),
            let link = compiler.program.offset(of: "if_list", in: "inet6_ifaddr"),
            let address = compiler.program.offset(of: "addr", in: "inet6_ifaddr")
        else { return }
        let head = compiler.frame.temporary(&compiler.assembler)
        let entry = compiler.frame.temporary(&compiler.assembler)
        let wanted = compiler.frame.block("destination", size: 32, &compiler.assembler)
        try compiler.emitMember("ip6_ptr", of: "net_device", at: device)
        compiler.assembler.emit(.jump64(.equal, .r0, 0, to: compiler.end))
        compiler.assembler.emit(.arithmetic64(.add, .r0, Int32(list)))
        compiler.assembler.emit(.store(.double, .r0, to: head))
        compiler.assembler.emit(.store(.double, .r0, to: entry))
        compiler.emitRead(16, at: network, plus: 24, to: wanted)
        for _ in 0..<Self.limit {
            let next = compiler.assembler.makeLabel("next")
            compiler.emitRead(8, at: entry, plus: 0, to: entry)
            compiler.assembler.emit(.load(.double, .r1, from: entry))
            compiler.assembler.emit(.load(.double, .r2, from: head))
            compiler.assembler.emit(.jump64(.equal, .r1, .r2, to: compiler.end))
            compiler.emitRead(16, at: entry, plus: address - link, to: wanted, slotOffset: 16)
            for word in [0, 8] {
                compiler.assembler.emit(.load(.double, .r1, from: wanted, plus: word))
                compiler.assembler.emit(.load(.double, .r2, from: wanted, plus: 16 + word))
                compiler.assembler.emit(.jump64(.notEqual, .r1, .r2, to: next))
            }
            compiler.assembler.emit(.jump(isLocal))
            compiler.assembler.place(next)
        }
        compiler.frame.free(head)
        compiler.frame.free(entry)
        compiler.frame.freeBlock(wanted)
    }
}
