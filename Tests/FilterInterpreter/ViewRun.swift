import CNettraceBPF
public import PacketFilter

/// Runs a whole filter as match_packet() of BPF/filter/filter_views.h does in the kernel: the translated expression by the
/// interpreter, and the lists by linear search, on each view of the packet.
public struct ViewRun {
    private let filter: TranslatedFilter
    private let interpreter: ExtendedInterpreter?

    public init(_ filter: TranslatedFilter) {
        self.filter = filter
        interpreter = filter.instructions.isEmpty ? nil : ExtendedInterpreter(filter.instructions)
    }

    public func matches(_ packet: ExtendedInterpreter.Packet) throws -> Bool {
        let frame = (packet.ethernet ?? Array(repeating: 0, count: 14)) + packet.linear
        return try frame.withUnsafeBytes { frame in
            var view = nt_filter_ctx()
            view.l3_address = UInt64(UInt(bitPattern: frame.baseAddress)) + 14
            view.l3_len = UInt32(packet.length)
            view.l3_linear = UInt32(packet.linear.count)
            view.caplen = min(view.l3_linear, UInt32(NT_L3_SNAPLEN))
            view.protocol = packet.ethertype
            view.has_l2 = packet.ethernet == nil ? 0 : 1
            withUnsafeMutableBytes(of: &view.data) { $0.copyBytes(from: frame.prefix($0.count)) }
            return try matchesAnyView(&view)
        }
    }

    private func matchesAnyView(_ view: inout nt_filter_ctx) throws -> Bool {
        if try matchesView(&view) { return true }
        let views = filter.views
        let inside: UInt32 = (views.insideTunnels ? 1 : 0) | (views.insideErrors ? 2 : 0)
        for _ in 0..<NETTRACE_INNER_PACKETS where inside != 0 {
            guard nettrace_enter(&view, inside) else { return false }
            if try matchesView(&view) { return true }
        }
        return false
    }

    private func matchesView(_ view: inout nt_filter_ctx) throws -> Bool {
        var matches = true
        if filter.views.seesTags { matches = try matchesExpression(view) }
        nettrace_skip_to_headers(&view, filter.views.seesExtensions)
        if !filter.views.seesTags { matches = try matchesExpression(view) }
        return matches && listsContain(&view)
    }

    private func matchesExpression(_ view: nt_filter_ctx) throws -> Bool {
        guard let interpreter else { return true }
        let data = withUnsafeBytes(of: view.data) { Array($0) }
        let start = UnsafeRawPointer(bitPattern: UInt(view.l3_address))
        let linear = Array(UnsafeRawBufferPointer(start: start, count: Int(view.l3_linear)))
        // A skipped extension header is missing from the copy, and the bytes after it have moved up.
        let copied = Array(data[14..<14 + Int(view.caplen)])
        return try interpreter.run(
            ExtendedInterpreter.Packet(
                linear: copied + linear.dropFirst(copied.count), length: Int(view.l3_len), ethertype: view.protocol,
                ethernet: view.has_l2 == 0 ? nil : Array(data[..<14]))) == 1
    }

    private func listsContain(_ view: inout nt_filter_ctx) -> Bool {
        let keys = filter.lists.addressKeys.keys
        let asked: [(UInt32, [Bool])] = [
            (NT_SET_SADDR, [false]), (NT_SET_DADDR, [true]), (NT_SET_ADDR, [false, true]),
        ]
        for (set, ends) in asked where UInt32(filter.lists.sets) & set != 0 {
            guard ends.contains(where: { has(view, UInt16(set), $0, among: keys) }) else { return false }
        }
        return filter.lists.portWords.isEmpty || portsMatch(view)
    }

    private func portsMatch(_ view: nt_filter_ctx) -> Bool {
        var source: UInt16 = 0
        var destination: UInt16 = 0
        let count = withUnsafePointer(to: view) { nettrace_ports(&source, &destination, $0) }
        guard count > 0 else { return false }
        let sets = UInt32(filter.lists.sets)
        if sets & NT_SET_SPORT != 0, !isListed(source, row: 0) { return false }
        let hasDestination = count > 1
        if sets & NT_SET_DPORT != 0, !(hasDestination && isListed(destination, row: 1)) { return false }
        guard sets & NT_SET_PORT != 0 else { return true }
        return isListed(source, row: 2) || (hasDestination && isListed(destination, row: 2))
    }

    private func isListed(_ port: UInt16, row: Int) -> Bool {
        let word = filter.lists.portWords[row * Int(NT_PORT_WORDS) + Int(port / 64)]
        return word >> UInt64(port % 64) & 1 == 1
    }

    /// Finds a key as a trie does: the bits of the prefix are equal.
    private func has(
        _ view: nt_filter_ctx, _ set: UInt16, _ isDestination: Bool, among keys: [nt_address_key]
    ) -> Bool {
        var asked = nt_address_key()
        guard withUnsafePointer(to: view, { nettrace_address(&asked, $0, set, isDestination) }) else { return false }
        let address = withUnsafeBytes(of: asked.address) { Array($0) }
        for key in keys where key.set == asked.set && key.family == asked.family {
            let wanted = withUnsafeBytes(of: key.address) { Array($0) }
            if Self.agree(wanted, address, bits: Int(key.prefix) - 32) { return true }
        }
        return false
    }

    private static func agree(_ one: [UInt8], _ other: [UInt8], bits: Int) -> Bool {
        for bit in 0..<bits {
            let difference: UInt8 = one[bit / 8] ^ other[bit / 8]
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            if difference & mask != 0 { return false }
        }
        return true
    }
}
