/// The programs of Sun RPC. A program's header begins with the version and the procedure of a call, which its arguments
/// depend on, and goes on with the credentials and the verifier.
struct RPCCall {
    let version: UInt32
    let procedure: UInt32
    /// The first byte of the arguments.
    let arguments: Int

    /// Nil if the bytes that say it were not captured, or are none.
    init?(_ header: borrowing HeaderBytes) {
        guard let version = header.u32(0), let procedure = header.u32(4), let credentials = header.opaque(at: 12),
            let verifier = header.opaque(at: credentials.next + 4)
        else { return nil }
        self.version = version
        self.procedure = procedure
        arguments = verifier.next
    }
}

extension HeaderBytes {
    /// Bytes with a length before them, padded to words (RFC 4506, section 4.10). Nil for more than a message may have.
    func opaque(at offset: Int) -> (contents: Range<Int>, next: Int)? {
        guard let length = u32(offset), length <= 65536, offset + 4 + Int(length) <= self.length else { return nil }
        return (offset + 4..<offset + 4 + Int(length), offset + 4 + (Int(length) + 3) / 4 * 4)
    }
}

extension PacketProtocol {
    /// A program of Sun RPC.
    ///
    /// - Parameters:
    ///   - procedures: names by 100 times the version and the procedure.
    ///   - fields: those of the arguments.
    static func program(
        _ name: String, _ title: StaticString, _ number: UInt32, procedures: ValueNames, fields: [ProtocolField]
    ) -> PacketProtocol {
        let append: @Sendable (borrowing HeaderBytes, inout TextLine) -> Void = { header, line in
            guard let version = header.u32(0), let number = header.u32(4) else { return }
            if version < 100, number < 100, let name = procedures[UInt64(version * 100 + number)] {
                line.append(name)
            } else {
                line.appendDecimal(number)
            }
        }
        // Its number is a field of Sun RPC.
        let procedure = ProtocolField(name + ".proc", .derived { append($1, &$2) }) { $0.run(4..<8) }
        return PacketProtocol(
            name, title, [.rpcProgram(number)], base: .walked, fields: [procedure] + fields,
            headerLength: { max(8, $0.length) }, summary: append)
    }

    /// A field of the arguments of some procedures.
    ///
    /// - Parameters:
    ///   - calls: 100 times the version and the procedure.
    ///   - read: gets the offset of the arguments.
    static func argument(
        _ name: String, _ calls: [UInt32], _ notation: ProtocolField.Notation = .decimal,
        _ detail: ProtocolField.Detail = .brief, names: ValueNames? = nil,
        _ read: @escaping @Sendable (borrowing HeaderBytes, Int) -> FieldReading
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, names: names) { header in
            guard let version = header.u32(0), let procedure = header.u32(4) else { return header.ending }
            guard version < 100, procedure < 100, calls.contains(version * 100 + procedure) else { return .absent }
            guard let call = RPCCall(header) else { return header.ending }
            return read(header, call.arguments)
        }
    }

    /// Bytes with their length before them.
    @Sendable static func opaque(_ header: borrowing HeaderBytes, _ offset: Int) -> FieldReading {
        header.opaque(at: offset).map { header.run($0.contents) } ?? header.ending
    }

    /// The same after others.
    static func opaque(after count: Int, skipping words: Int = 0)
        -> @Sendable (borrowing HeaderBytes, Int) -> FieldReading
    {
        { header, start in
            var offset = start
            for _ in 0..<count {
                guard let before = header.opaque(at: offset) else { return header.ending }
                offset = before.next
            }
            return opaque(header, offset + 4 * words)
        }
    }

    /// A number of `size` bytes after `count` opaque ones and `words` words.
    static func number(after count: Int, skipping words: Int = 0, size: Int)
        -> @Sendable (
            borrowing HeaderBytes, Int
        ) -> FieldReading
    {
        { header, start in
            var offset = start
            for _ in 0..<count {
                guard let before = header.opaque(at: offset) else { return header.ending }
                offset = before.next
            }
            return header.read(at: offset + 4 * words, count: size)
        }
    }
}
