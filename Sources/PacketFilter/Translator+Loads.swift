// Packet loads. The first bytes are read from the context's copy on the stack, the rest of the linear area through a
// helper. Page fragments cannot be read and count as outside of the packet.

import BPFCode

extension Translator {
    private typealias Layout = FilterContextLayout

    /// A load at an offset that is known at translation time.
    mutating func loadAbsolute(
        _ bytes: Int, at offset: UInt32, into register: Register, knowing known: inout LoadFacts
    ) {
        let start = Int(offset)
        if start < Layout.addressesLength && !known.hasEthernet {
            requireEthernet()
            known.hasEthernet = true
        }
        if start + bytes <= Layout.dataSize {
            requireCaptured(start + bytes, knowing: known)
            known.captured = max(known.captured, start + bytes)
            loadCopied(bytes, at: start, into: register)
        } else {
            assembler.emit(.arithmetic32(.move, .r3, offset))
            readPacket(bytes, into: register)
        }
    }

    /// A load of A from X + offset.
    ///
    /// X is almost always 20, the length of an IPv4 header without options; that case needs no helper call. It is the
    /// taken branch, so that the verifier walks the general case first and prunes this one after it.
    mutating func loadIndexed(_ bytes: Int, at offset: UInt32, knowing known: LoadFacts) {
        let plainHeader = 20
        let likelyStart = Int(offset) + plainHeader
        let likely = assembler.makeLabel()
        let done = assembler.makeLabel()
        let isCopied = likelyStart + bytes <= Layout.dataSize

        if isCopied {
            assembler.emit(.jump32(.equal, Self.x, UInt32(plainHeader), to: likely))
        }
        assembler.emit(.arithmetic32(.move, .r3, offset))
        assembler.emit(.arithmetic64(.add, .r3, Self.x))
        if offset < UInt32(Layout.ethernetLength) {
            requireEthernetBelowL3()
        }
        readPacket(bytes, into: Self.a)
        if isCopied {
            assembler.emit(.jump(done))
            assembler.place(likely)
            requireCaptured(likelyStart + bytes, knowing: known)
            loadCopied(bytes, at: likelyStart, into: Self.a)
            assembler.place(done)
        }
    }

    /// BPF_LEN includes the Ethernet header, even if the packet has none.
    mutating func loadLength(into register: Register) {
        assembler.emit(.load(.word, register, from: Self.context, Layout.l3Length))
        assembler.emit(.arithmetic32(.add, register, UInt32(Layout.ethernetLength)))
    }

    private mutating func requireEthernet() {
        assembler.emit(.load(.half, .r0, from: Self.context, Layout.hasEthernet))
        assembler.emit(.jump32(.equal, .r0, 0, to: reject))
    }

    /// Rejects an offset in r3 that lies in an absent Ethernet header.
    private mutating func requireEthernetBelowL3() {
        let behind = assembler.makeLabel()
        assembler.emit(.jump64(.greaterOrEqual, .r3, Int32(Layout.ethernetLength), to: behind))
        requireEthernet()
        assembler.place(behind)
    }

    private mutating func requireCaptured(_ end: Int, knowing known: LoadFacts) {
        guard end > known.captured else { return }
        assembler.emit(.load(.word, .r0, from: Self.context, Layout.captured))
        assembler.emit(.jump32(.less, .r0, UInt32(end - Layout.ethernetLength), to: reject))
    }

    /// The verifier requires aligned access to the stack, so an unaligned field is put together from parts.
    private mutating func loadCopied(_ bytes: Int, at start: Int, into register: Register) {
        let typeField = Layout.addressesLength..<Layout.ethernetLength
        let field = Int(Layout.data) + start
        var part = min(bytes, 1 << field.trailingZeroBitCount)
        if typeField.overlaps(start..<start + bytes) {
            part = start.isMultiple(of: 2) ? min(bytes, 2) : 1
        }
        for position in stride(from: 0, to: bytes, by: part) {
            let target = position == 0 ? register : .r0
            if typeField.contains(start + position) {
                loadEthertype(part, at: start + position, into: target)
            } else {
                loadPart(part, from: Self.context, Int16(field + position), into: target)
            }
            guard position > 0 else { continue }
            assembler.emit(.arithmetic32(.shiftLeft, register, UInt32(8 * part)))
            assembler.emit(.arithmetic32(.or, register, .r0))
        }
    }

    /// Loads the ethertype, or one byte of it, from the context's own field: a packet without an Ethernet header has a
    /// type, too, and if the two differ the header is stale and the stack's type is right.
    private mutating func loadEthertype(_ bytes: Int, at start: Int, into register: Register) {
        assembler.emit(.load(.half, register, from: Self.context, Layout.ethertype))
        guard bytes == 1 else { return }
        if start == Layout.addressesLength {
            assembler.emit(.arithmetic32(.shiftRight, register, 8))
        } else {
            assembler.emit(.arithmetic32(.and, register, 0xff))
        }
    }

    /// Reads from the packet offset in r3, which is at most 2³³ and so cannot overflow.
    private mutating func readPacket(_ bytes: Int, into register: Register) {
        assembler.emit(.load(.word, .r1, from: Self.context, Layout.l3Linear))
        assembler.emit(.arithmetic64(.add, .r1, Int32(Layout.ethernetLength - bytes)))
        assembler.emit(.jump64(.greater, .r3, .r1, to: reject))
        assembler.emit(.load(.double, .r1, from: Self.context, Layout.l3Address))
        assembler.emit(.arithmetic64(.add, .r3, .r1))
        assembler.emit(.arithmetic64(.add, .r3, -Int32(Layout.ethernetLength)))
        assembler.emit(.arithmetic64(.move, .r1, .frame))
        assembler.emit(.arithmetic64(.add, .r1, Int32(Self.readBuffer)))
        assembler.emit(.arithmetic32(.move, .r2, UInt32(bytes)))
        assembler.emit(.call(.probeReadKernel))
        assembler.emit(.jump32(.notEqual, .r0, 0, to: reject))
        loadPart(bytes, from: .frame, Self.readBuffer, into: register)
    }

    private mutating func loadPart(
        _ bytes: Int, from base: Register, _ offset: Int16, into register: Register
    ) {
        switch bytes {
        case 1:
            assembler.emit(.load(.byte, register, from: base, offset))
        case 2:
            assembler.emit(.load(.half, register, from: base, offset))
            assembler.emit(.convert(.big, bits: 16, register))
        default:
            assembler.emit(.load(.word, register, from: base, offset))
            assembler.emit(.convert(.big, bits: 32, register))
        }
    }
}
