/// Radiotap (LINKTYPE_IEEE802_11_RADIOTAP): what a wireless device knows of a frame. The lowest byte of numbers comes
/// first, and each value begins at a multiple of its size.
extension PacketProtocol {
    static let radiotap = PacketProtocol(
        "radiotap", "Radiotap", [.link(127)], base: .link,
        fields: [
            ProtocolField("radiotap.ver", bit: 0, 8, .decimal, .all),
            .little("radiotap.len", at: 2, 2, .decimal, .most),
            .little("radiotap.present", at: 4, 4, .hexadecimal, .most),
            radio("radiotap.tsft", 0, .decimal, .most),
            radio("radiotap.flags", 1, .hexadecimal, .more),
            // In units of 500 kbit/s.
            radio("radiotap.rate", 2),
            radio("radiotap.freq", 3, size: 2),
            radio("radiotap.chanflags", 3, .hexadecimal, .most, at: 2, size: 2),
            // dBm: below zero, so that its magnitude is what matters.
            radio("radiotap.signal", 5, .derived(appendSigned)),
            radio("radiotap.noise", 6, .derived(appendSigned), .more),
            radio("radiotap.antenna", 11, .decimal, .more),
        ],
        recognises: { header in header.u8(0).map { $0 == 0 } ?? true },
        headerLength: { header in header.little(2, 2).map { max(8, Int($0)) } })

    /// Sizes and alignments of the values of the first bits.
    private static let sizes: [(size: Int, alignment: Int)] = [
        (8, 8), (1, 1), (1, 1), (4, 2), (2, 2), (1, 1), (1, 1), (2, 2), (2, 2), (2, 2), (1, 1), (1, 1),
    ]

    /// - Parameters:
    ///   - bit: of the mask of values.
    ///   - offset: bytes from the start of the value.
    private static func radio(
        _ name: String, _ bit: Int, _ notation: ProtocolField.Notation = .decimal,
        _ detail: ProtocolField.Detail = .brief, at offset: Int = 0, size: Int? = nil
    ) -> ProtocolField {
        ProtocolField(name, notation, detail) { header in
            guard let end = header.little(2, 2), let present = header.little(4, 4) else { return header.ending }
            guard present >> UInt64(bit) & 1 == 1 else { return .absent }
            // Each mask may announce another one.
            var start = 8
            var mask = present
            while mask >> 31 & 1 == 1, start < 64 {
                guard let next = header.little(start, 4) else { return header.ending }
                mask = next
                start += 4
            }
            for before in 0..<bit where present >> UInt64(before) & 1 == 1 {
                start = aligned(start, sizes[before].alignment) + sizes[before].size
            }
            start = aligned(start, sizes[bit].alignment) + offset
            let count = size ?? sizes[bit].size
            guard start + count <= Int(end) else { return .malformed }
            if case .derived = notation { return header.run(start..<start + count) }
            return header.little(start, count).map { .number(UInt128($0)) } ?? header.ending
        }
    }

    private static func aligned(_ offset: Int, _ alignment: Int) -> Int {
        (offset + alignment - 1) / alignment * alignment
    }

    @Sendable private static func appendSigned(
        _ range: Range<Int>, _ header: borrowing HeaderBytes, _ line: inout TextLine
    ) {
        guard let byte = header.u8(range.lowerBound) else { return }
        if byte > 127 { line.append("-") }
        line.appendDecimal(Int8(bitPattern: byte).magnitude)
    }
}
