/// A value in the basic encoding rules of ASN.1 (X.690): a tag of one byte, a length, contents.
struct BERValue {
    let tag: UInt8
    let contents: Range<Int>

    /// Nil if its head was not captured or is none: values end inside the message.
    init?(_ header: borrowing HeaderBytes, at offset: Int) {
        guard let tag = header.u8(offset), let first = header.u8(offset + 1) else { return nil }
        self.tag = tag
        guard first >= 0x80 else {
            contents = offset + 2..<offset + 2 + Int(first)
            if contents.upperBound > header.length { return nil }
            return
        }
        let size = Int(first & 0x7f)
        guard 1...3 ~= size, let length = header.number(offset + 2, size),
            offset + 2 + size + Int(length) <= header.length
        else { return nil }
        contents = offset + 2 + size..<offset + 2 + size + Int(length)
    }
}

/// The places of the parts of a message of SNMP.
struct SNMPMessage {
    let version: Range<Int>
    var community: Range<Int>?
    var messageID: Range<Int>?
    var engine: Range<Int>?
    var user: Range<Int>?
    var unit: BERValue?
    var requestID: Range<Int>?
    var errorStatus: Range<Int>?
    var errorIndex: Range<Int>?
    var bindings: Range<Int>?

    /// Nil if the bytes that say where they are were not captured.
    init?(_ header: borrowing HeaderBytes) {
        guard let whole = BERValue(header, at: 0), let version = BERValue(header, at: whole.contents.lowerBound),
            let number = header.u8(version.contents.lowerBound),
            let second = BERValue(header, at: version.contents.upperBound)
        else { return nil }
        self.version = version.contents
        if number < 3 {
            community = second.contents
            guard readUnit(header, at: second.contents.upperBound) else { return nil }
            return
        }
        guard let identifier = BERValue(header, at: second.contents.lowerBound),
            let security = BERValue(header, at: second.contents.upperBound),
            let parameters = BERValue(header, at: security.contents.lowerBound),
            let engine = BERValue(header, at: parameters.contents.lowerBound),
            let boots = BERValue(header, at: engine.contents.upperBound),
            let time = BERValue(header, at: boots.contents.upperBound),
            let user = BERValue(header, at: time.contents.upperBound),
            let scoped = BERValue(header, at: security.contents.upperBound)
        else { return nil }
        messageID = identifier.contents
        self.engine = engine.contents
        self.user = user.contents
        // Encrypted data is a string instead of a sequence.
        guard scoped.tag == 0x30 else { return }
        guard let context = BERValue(header, at: scoped.contents.lowerBound),
            let name = BERValue(header, at: context.contents.upperBound),
            readUnit(header, at: name.contents.upperBound)
        else { return nil }
    }

    private mutating func readUnit(_ header: borrowing HeaderBytes, at offset: Int) -> Bool {
        guard let unit = BERValue(header, at: offset) else { return false }
        self.unit = unit
        // The trap of version 1 has other fields, and the same list at its end.
        guard unit.tag != 0xa4 else { return readTrap(header, unit) }
        guard let request = BERValue(header, at: unit.contents.lowerBound),
            let status = BERValue(header, at: request.contents.upperBound),
            let index = BERValue(header, at: status.contents.upperBound),
            let list = BERValue(header, at: index.contents.upperBound)
        else { return false }
        requestID = request.contents
        errorStatus = status.contents
        errorIndex = index.contents
        bindings = list.contents
        return true
    }

    private mutating func readTrap(_ header: borrowing HeaderBytes, _ unit: BERValue) -> Bool {
        var offset = unit.contents.lowerBound
        for _ in 0..<5 {
            guard let part = BERValue(header, at: offset) else { return false }
            offset = part.contents.upperBound
        }
        guard let list = BERValue(header, at: offset) else { return false }
        bindings = list.contents
        return true
    }
}
