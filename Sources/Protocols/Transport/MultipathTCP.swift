/// The option of Multipath TCP (RFC 8684, section 3): its fields depend on its subtype and on flags.
extension PacketProtocol {
    static let multipathFields: [ProtocolField] = [
        part("tcp.mptcp.subtype", of: Array(0...15), names: subtypes) { $0.number(high: $1) },
        part("tcp.mptcp.ver", of: [0]) { $0.number(low: $1) },
        part("tcp.mptcp.flags", of: [0, 2, 9], .hexadecimal) { $0.read(at: $1.lowerBound + 1, count: 1) },
        part("tcp.mptcp.sendkey", of: [0], .hexadecimal) { key($0, $1, 2, size: 12) },
        part("tcp.mptcp.recvkey", of: [0], .hexadecimal) { key($0, $1, 10, size: 20) },
        part("tcp.mptcp.addrid", of: [1, 3, 4, 5]) { $0.read(at: $1.lowerBound + 1, count: 1) },
        // A SYN of a further flow has a token and a number, the answer a code and a number.
        part("tcp.mptcp.token", of: [1], .hexadecimal) { header, range in
            range.count == 10 ? header.read(at: range.lowerBound + 2, count: 4) : .absent
        },
        part("tcp.mptcp.nonce", of: [1], .hexadecimal) { header, range in
            switch range.count {
            case 10: header.read(at: range.lowerBound + 6, count: 4)
            case 14: header.read(at: range.lowerBound + 10, count: 4)
            default: .absent
            }
        },
        part("tcp.mptcp.hmac", of: [1], .bytes) { header, range in
            switch range.count {
            case 14: header.run(range.lowerBound + 2..<range.lowerBound + 10)
            case 22: header.run(range.lowerBound + 2..<range.upperBound)
            default: .absent
            }
        },
        part("tcp.mptcp.dataack", of: [2]) { sequence($0, $1) { $0.acknowledgement } },
        part("tcp.mptcp.dsn", of: [2]) { sequence($0, $1) { $0.number } },
        part("tcp.mptcp.subseq", of: [2]) { sequence($0, $1) { $0.subflow } },
        part("tcp.mptcp.datalen", of: [2]) { sequence($0, $1) { $0.length } },
        part("tcp.mptcp.addr", of: [3], .ipv4) { header, range in
            // With a port and a code there are two and eight bytes more.
            [6, 8, 14, 16].contains(range.count) ? header.read(at: range.lowerBound + 2, count: 4) : .absent
        },
        part("tcp.mptcp.addr6", of: [3], .ipv6) { header, range in
            [18, 20, 26, 28].contains(range.count) ? header.read(at: range.lowerBound + 2, count: 16) : .absent
        },
        part("tcp.mptcp.port", of: [3]) { header, range in
            switch range.count {
            case 8, 16: header.read(at: range.lowerBound + 6, count: 2)
            case 20, 28: header.read(at: range.lowerBound + 18, count: 2)
            default: .absent
            }
        },
    ]

    private static let subtypes: ValueNames = [
        0: "capable", 1: "join", 2: "DSS", 3: "add address", 4: "remove address", 5: "priority", 6: "fail",
        7: "fast close", 8: "reset",
    ]

    /// - Parameters:
    ///   - wanted: the subtypes that have the field.
    ///   - read: gets the contents of the option.
    private static func part(
        _ name: String, of wanted: [UInt8], _ notation: ProtocolField.Notation = .decimal, names: ValueNames? = nil,
        _ read: @escaping @Sendable (borrowing HeaderBytes, Range<Int>) -> FieldReading
    ) -> ProtocolField {
        .first(name, notation, .more, names: names) { header, values in
            let end = tcpOptionList.walk(header) { kind, contents in
                guard kind == 30 else { return true }
                guard !contents.isEmpty else { return values.append(.malformed) }
                guard let first = header.u8(contents.lowerBound) else { return values.append(.truncated) }
                guard wanted.contains(first >> 4) else { return true }
                return values.append(read(header, contents))
            }
            values.append(end)
        }
    }

    private static func key(
        _ header: borrowing HeaderBytes, _ range: Range<Int>, _ offset: Int, size: Int
    ) -> FieldReading {
        // Without keys it has two bytes; the length and a checksum of data may follow them.
        range.count >= size - 2 ? header.read(at: range.lowerBound + offset, count: 8) : .absent
    }

    /// The parts of a data sequence signal, which its flags announce.
    private struct Signal {
        var acknowledgement: Range<Int>?
        var number: Range<Int>?
        var subflow: Range<Int>?
        var length: Range<Int>?

        init(flags: UInt8, from start: Int) {
            var end = start
            func next(_ size: Int) -> Range<Int> {
                end += size
                return end - size..<end
            }
            if flags & 1 != 0 { acknowledgement = next(flags & 2 != 0 ? 8 : 4) }
            if flags & 4 != 0 {
                number = next(flags & 8 != 0 ? 8 : 4)
                subflow = next(4)
                length = next(2)
            }
        }
    }

    private static func sequence(
        _ header: borrowing HeaderBytes, _ range: Range<Int>, _ part: (Signal) -> Range<Int>?
    ) -> FieldReading {
        guard range.count >= 2 else { return .malformed }
        guard let flags = header.u8(range.lowerBound + 1) else { return .truncated }
        guard let place = part(Signal(flags: flags, from: range.lowerBound + 2)) else { return .absent }
        return place.upperBound <= range.upperBound ? header.read(at: place.lowerBound, count: place.count) : .malformed
    }
}

extension HeaderBytes {
    /// The first and the second half of the first byte of a range.
    fileprivate func number(high range: Range<Int>) -> FieldReading { read(.init(range.lowerBound * 8, 4)) }
    fileprivate func number(low range: Range<Int>) -> FieldReading { read(.init(range.lowerBound * 8 + 4, 4)) }
}
