/// Types and sizes of the blocks of pcapng.
enum PcapNGBlock {
    static let section: UInt32 = 0x0a0d_0d0a
    static let interface: UInt32 = 1
    static let obsoletePacket: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let names: UInt32 = 4
    static let statistics: UInt32 = 5
    static let packet: UInt32 = 6

    static let orderMagic: UInt32 = 0x1a2b_3c4d
    /// Type, and size twice.
    static let overhead = 12

    static func isRead(_ type: UInt32) -> Bool {
        (interface...packet).contains(type) || type == section
    }

    static func isPacket(_ type: UInt32) -> Bool {
        type == packet || type == obsoletePacket || type == simplePacket
    }
}

extension CaptureContents {
    /// The options of a block, after its fixed part.
    @_lifetime(copy body)
    private func options(_ body: RawSpan, from start: Int, _ order: ByteOrder, of block: String) throws(CaptureFault)
        -> CaptureOptions
    {
        guard start <= body.byteCount else { throw .malformed("the block of \(block) is too short") }
        let options = CaptureOptions(body.extracting(start..<body.byteCount), order)
        guard options.areIntact else { throw .malformed("an option of \(block) exceeds its block") }
        return options
    }

    /// Section header: mark of the byte order u32 | major u16 | minor u16 | size of the section u64 | options.
    mutating func readSection(_ body: RawSpan, _ order: ByteOrder) throws(CaptureFault) {
        let options = try options(body, from: 16, order, of: "a section")
        let version = (major: body.u16(4, order), minor: body.u16(6, order))
        guard version.major == 1 else {
            throw CaptureFault(.unsupported("version \(version.major).\(version.minor) of pcapng"))
        }
        hardware = options.text(OptionCode.hardware)
        system = options.text(OptionCode.system)
        application = options.text(OptionCode.application)
        comment = options.text(OptionCode.comment)
    }

    /// Interface: link type u16 | unused u16 | snapshot length u32 | options.
    mutating func readInterface(_ body: RawSpan, _ order: ByteOrder) throws(CaptureFault) {
        let options = try options(body, from: 8, order, of: "an interface")
        guard interfaces.count < Self.interfaceLimit else {
            throw .malformed("more than \(Self.interfaceLimit) interfaces")
        }
        var interface = CaptureInterface(
            name: options.text(OptionCode.interfaceName),
            description: options.text(OptionCode.interfaceDescription),
            linkType: LinkType(pcap: UInt32(body.u16(0, order))), snapshotLength: body.u32(4, order),
            filter: filterText(options), system: options.text(OptionCode.interfaceSystem))
        interface.scale = TimeScale(
            resolution: options.number(OptionCode.timeResolution, as: UInt8.self) ?? 6,
            offset: options.number(OptionCode.timeOffset, as: Int64.self) ?? 0)
        interfaces.append(interface)
    }

    /// The filter, unless it is a program of instructions: its first byte says which.
    private func filterText(_ options: borrowing CaptureOptions) -> String? {
        guard let value = options.first(OptionCode.filter), !value.isEmpty, value.u8(0) == 0 else { return nil }
        return value.extracting(1..<value.byteCount).text
    }

    /// Names: records of type u16 | size u16 | address, names with zero bytes after each; padding.
    mutating func readNames(_ body: RawSpan, _ order: ByteOrder) throws(CaptureFault) {
        // Records have the form of options, and the same end.
        let records = CaptureOptions(body, order)
        var position = 0
        while let record = records.next(&position) {
            let size = record.code == 1 ? 4 : record.code == 2 ? 16 : 0
            guard size > 0, record.value.byteCount > size, names.count < Self.nameLimit else { continue }
            let address = record.value.extracting(first: size).withUnsafeBytes { [UInt8]($0) }
            let name = record.value.extracting(size..<record.value.byteCount).text
            // Names in DNS have at most 255 bytes.
            if names[address] == nil, !name.isEmpty, name.utf8.count <= 255 { names[address] = name }
        }
    }

    /// Statistics of an interface: its number u32 | time u64 | options.
    mutating func readStatistics(_ body: RawSpan, _ order: ByteOrder, firstInterface: Int) throws(CaptureFault) {
        let options = try options(body, from: 12, order, of: "statistics")
        let number = Int(body.u32(0, order))
        guard number < interfaces.count - firstInterface else {
            throw .malformed("statistics of interface \(number), which the file does not describe")
        }
        interfaces[firstInterface + number].statistics = CaptureInterface.Statistics(
            received: options.number(OptionCode.received, as: UInt64.self),
            dropped: options.number(OptionCode.dropped, as: UInt64.self),
            accepted: options.number(OptionCode.accepted, as: UInt64.self),
            systemDropped: options.number(OptionCode.systemDropped, as: UInt64.self))
    }
}
