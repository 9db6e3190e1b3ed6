import CNettraceBPF

/// One view of a packet that a filter is run on in user space: a `struct nt_filter_ctx` filled as the programs fill it
/// in the kernel, from the bytes of a recording.
struct PacketView {
    private(set) var context = nt_filter_ctx()

    /// Facts that a recording holds about a packet besides its bytes.
    struct Facts {
        var hasEthernet: Bool
        var etherType: UInt16
        var length: UInt32
        var tag: (etherType: UInt16, tci: UInt16)?
    }

    /// - Parameter frame: 14 bytes for the Ethernet header and the packet from L3 on; must outlive the view.
    init(_ facts: Facts, over frame: UnsafeRawBufferPointer) {
        let l3 = UnsafeRawBufferPointer(rebasing: frame.dropFirst(FilterContextLayout.ethernetLength))
        context.l3_address = UInt64(UInt(bitPattern: l3.baseAddress))
        context.l3_linear = UInt32(l3.count)
        context.l3_len = facts.length
        context.protocol = facts.etherType
        context.has_l2 = facts.hasEthernet ? 1 : 0
        context.caplen = min(context.l3_linear, UInt32(NT_L3_SNAPLEN))
        withUnsafeMutableBytes(of: &context.data) { data in
            data.copyBytes(from: frame.prefix(data.count))
        }
        if let tag = facts.tag { restore(tag) }
    }

    /// The same as restore_vlan_tag() of BPF/packet.h.
    private mutating func restore(_ tag: (etherType: UInt16, tci: UInt16)) {
        let etherType = context.protocol
        context.l3_address -= 4
        context.l3_linear += 4
        context.l3_len &+= 4
        context.caplen = min(context.l3_linear, UInt32(NT_L3_SNAPLEN))
        context.protocol = tag.etherType
        withUnsafeMutableBytes(of: &context.data) { data in
            let l3 = FilterContextLayout.ethernetLength
            for index in (l3 + 4..<data.count).reversed() { data[index] = data[index - 4] }
            data.storeBytes(of: tag.tci.bigEndian, toByteOffset: l3, as: UInt16.self)
            data.storeBytes(of: etherType.bigEndian, toByteOffset: l3 + 2, as: UInt16.self)
        }
    }

    /// Skips the VLAN tags and extension headers before the headers that the filter reads.
    mutating func skipToHeaders(seeingExtensions: Bool) {
        nettrace_skip_to_headers(&context, seeingExtensions)
    }

    /// Moves the view to the inner packet. Returns false if there is none; the view is then undefined.
    mutating func enter(_ views: FilterViews) -> Bool {
        let tunnels = views.insideTunnels ? NETTRACE_INSIDE_TUNNELS.rawValue : 0
        let errors = views.insideErrors ? NETTRACE_INSIDE_ERRORS.rawValue : 0
        return nettrace_enter(&context, tunnels | errors)
    }

    /// Bytes of the whole packet; always includes the Ethernet header, even if there is none.
    var wireLength: UInt32 { context.l3_len &+ UInt32(FilterContextLayout.ethernetLength) }

    /// Loads an integer in network order; nil if it is not wholly captured.
    func load(_ bytes: Int, at offset: UInt64) -> UInt32? {
        guard offset + UInt64(bytes) <= UInt64(context.l3_linear) + UInt64(FilterContextLayout.ethernetLength)
        else { return nil }
        var value: UInt32 = 0
        for position in Int(offset)..<Int(offset) + bytes {
            guard let byte = byte(at: position) else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    /// The same for a computed offset: as in the kernel, it cannot read an absent Ethernet header, not even its type.
    func loadIndexed(_ bytes: Int, at offset: UInt64) -> UInt32? {
        context.has_l2 != 0 || offset >= UInt64(FilterContextLayout.ethernetLength) ? load(bytes, at: offset) : nil
    }

    private func byte(at offset: Int) -> UInt8? {
        switch offset - FilterContextLayout.addressesLength {
        case ..<0 where context.has_l2 == 0: return nil
        case 0: return UInt8(truncatingIfNeeded: context.protocol >> 8)
        case 1: return UInt8(truncatingIfNeeded: context.protocol)
        default: break
        }
        guard offset >= FilterContextLayout.dataSize else {
            return withUnsafeBytes(of: context.data) { $0[offset] }
        }
        var byte: UInt8 = 0
        withUnsafePointer(to: context) {
            nettrace_read($0, UInt32(offset - FilterContextLayout.ethernetLength), &byte, 1)
        }
        return byte
    }
}

extension FilterLists {
    /// Whether the packet is in every list.
    func contain(_ view: borrowing PacketView) -> Bool {
        let context = view.context
        return withUnsafePointer(to: context) { packet in
            for end in End.allCases where sets & end.addresses != 0 {
                let found =
                    switch end {
                    case .source: has(packet, end, destination: false)
                    case .destination: has(packet, end, destination: true)
                    case .either: has(packet, end, destination: false) || has(packet, end, destination: true)
                    }
                guard found else { return false }
            }
            return portWords.isEmpty || portsMatch(packet)
        }
    }

    private func has(_ packet: UnsafePointer<nt_filter_ctx>, _ end: End, destination: Bool) -> Bool {
        var key = nt_address_key()
        guard nettrace_address(&key, packet, end.addresses, destination) else { return false }
        let address = AddressNetwork(key)
        return prefixes.contains { networks[address.network($0), default: 0] & end.addresses != 0 }
    }

    private func portsMatch(_ packet: UnsafePointer<nt_filter_ctx>) -> Bool {
        var source: UInt16 = 0
        var destination: UInt16 = 0
        let count = nettrace_ports(&source, &destination, packet)
        guard count > 0 else { return false }
        for end in End.allCases where sets & end.ports != 0 {
            let found =
                switch end {
                case .source: contains(source, at: end)
                case .destination: count > 1 && contains(destination, at: end)
                case .either: contains(source, at: end) || (count > 1 && contains(destination, at: end))
                }
            guard found else { return false }
        }
        return true
    }
}
