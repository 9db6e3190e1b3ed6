import CNettraceBPF
import Events
import Testing

/// A record with every section, built from the C structs themselves.
private func fullRecord(sections: UInt32 = 0b1111, caplen: UInt16 = 40) -> [UInt8] {
    var head = nt_event()
    head.ts = 1_000_000_007
    head.skb = 0xffff_8881_8f02_f900
    head.ctx = 0xffff_8881_0000_0000
    head.location = 0xffff_ffff_8100_0010
    head.reason = 3
    head.len = 1500
    head.hook = 7
    head.flags = UInt16(NT_EVENT_L2 | NT_EVENT_DROP | NT_EVENT_REASON | NT_EVENT_VLAN)
    head.sections = UInt16(sections)
    head.cpu = 5
    head.protocol = 0x0800
    head.vlan_proto = 0x8100
    head.vlan_tci = 0x6064
    var record = bytes(of: head)
    if sections & NT_SECTION_PACKET != 0 {
        record += bytes(of: caplen) + (0..<UInt8(NT_SNAPLEN)).map { $0 }
    }
    if sections & NT_SECTION_MORE != 0 {
        record += (0..<UInt8(NT_MORE_LEN)).map { UInt8(NT_SNAPLEN) + $0 }
    }
    if sections & NT_SECTION_DEVICE != 0 {
        record += bytes(of: UInt32(4_026_531_840)) + bytes(of: UInt32(2)) + padded("eth0")
    }
    if sections & NT_SECTION_TASK != 0 {
        record += bytes(of: UInt32(1234)) + bytes(of: UInt32(1235)) + padded("sixteen-bytes-ok")
    }
    if sections & NT_SECTION_META != 0 {
        record += bytes(of: nt_meta(mark: 1, hash: 2, priority: 3, skb_iif: 4, data_len: 5, queue: 6, gso_size: 7))
    }
    return record
}

private func bytes<Value: BitwiseCopyable>(of value: Value) -> [UInt8] {
    withUnsafeBytes(of: value) { Array($0) }
}

private func padded(_ text: String) -> [UInt8] {
    Array(text.utf8) + [UInt8](repeating: 0, count: 16 - text.utf8.count)
}

private func array(_ span: RawSpan) -> [UInt8] {
    span.withUnsafeBytes { Array($0) }
}

@Suite struct EventViewTests {
    @Test func headIsRead() throws {
        let record = fullRecord()
        guard let event = EventView(record.span.bytes) else {
            Issue.record("a full record must be readable")
            return
        }
        #expect(event.timestamp == 1_000_000_007)
        #expect(event.skb == 0xffff_8881_8f02_f900)
        #expect(event.context == 0xffff_8881_0000_0000)
        #expect(event.length == 1500)
        #expect(event.hook == 7)
        #expect(event.cpu == 5)
        #expect(event.etherType == 0x0800)
        #expect(event.flags == [.link, .drop, .reason, .vlan])
        #expect(event.dropLocation == 0xffff_ffff_8100_0010)
        #expect(event.dropReason == 3)
        #expect(event.vlanTag?.etherType == 0x8100)
        #expect(event.vlanTag?.tci == 0x6064)
        #expect(event.isTruncated == false)
    }

    @Test func sectionsAreRead() {
        let record = fullRecord()
        guard let event = EventView(record.span.bytes), let packet = event.packet, let device = event.device,
            let task = event.task, let meta = event.meta
        else {
            Issue.record("every section must be there")
            return
        }
        #expect(array(packet.bytes) == (0..<54).map { $0 })
        #expect(device.netns == 4_026_531_840)
        #expect(device.ifindex == 2)
        #expect(array(device.name) == Array("eth0".utf8))
        #expect(task.pid == 1234)
        #expect(task.tid == 1235)
        // A name that fills its field has no NUL.
        #expect(array(task.command) == Array("sixteen-bytes-ok".utf8))
        #expect(meta.mark == 1)
        #expect(meta.hash == 2)
        #expect(meta.priority == 3)
        #expect(meta.receivingIfindex == 4)
        #expect(meta.pagedLength == 5)
        #expect(meta.queue == 6)
        #expect(meta.gsoSize == 7)
    }

    @Test(arguments: 0..<UInt32(16))
    func everyCombinationOfSectionsIsFound(_ sections: UInt32) {
        let record = fullRecord(sections: sections)
        guard let event = EventView(record.span.bytes) else {
            Issue.record("unreadable")
            return
        }
        let pid = event.task?.pid
        let netns = event.device?.netns
        let count = event.packet?.bytes.byteCount
        #expect(count == (sections & NT_SECTION_PACKET != 0 ? 54 : nil))
        #expect(netns == (sections & NT_SECTION_DEVICE != 0 ? 4_026_531_840 : nil))
        #expect(pid == (sections & NT_SECTION_TASK != 0 ? 1234 : nil))
        #expect(event.meta?.mark == (sections & NT_SECTION_META != 0 ? 1 : nil))
        #expect(event.isTruncated == false)
    }

    @Test func everyTruncationIsSafeAndSaid() {
        let record = fullRecord()
        for size in 0..<record.count {
            let cut = Array(record.prefix(size))
            guard let event = EventView(cut.span.bytes) else {
                #expect(size < MemoryLayout<nt_event>.size)
                continue
            }
            #expect(size >= MemoryLayout<nt_event>.size)
            #expect(event.isTruncated == true)
            #expect(event.meta == nil)
            let hasPacket = event.packet != nil
            #expect(hasPacket == (size >= 56 + 128))
            let hasTask = event.task != nil
            #expect(hasTask == (size >= 56 + 128 + 24 + 24))
        }
    }

    @Test func unalignedRecordsReadTheSame() {
        let record = fullRecord()
        for shift in 1..<8 {
            let moved = [UInt8](repeating: 0xee, count: shift) + record
            let span = moved.span.bytes.extracting(droppingFirst: shift)
            guard let event = EventView(span) else {
                Issue.record("unreadable at shift \(shift)")
                continue
            }
            #expect(event.skb == 0xffff_8881_8f02_f900)
            #expect(event.meta?.gsoSize == 7)
        }
    }

    @Test(arguments: [0, 112, 113, 65535] as [UInt16])
    func lyingCaplenIsCut(_ caplen: UInt16) {
        let record = fullRecord(caplen: caplen)
        guard let event = EventView(record.span.bytes), let packet = event.packet else {
            Issue.record("unreadable")
            return
        }
        #expect(packet.bytes.byteCount == 14 + min(Int(caplen), 112))
    }

    /// The bytes of a packet in a tunnel continue without a gap, and later sections move.
    @Test(arguments: [100, 150, 176, 177, 65535] as [UInt16])
    func longPacketsGoOn(_ caplen: UInt16) {
        let record = fullRecord(sections: 0b1111 | NT_SECTION_MORE, caplen: caplen)
        guard let event = EventView(record.span.bytes), let packet = event.packet else {
            Issue.record("unreadable")
            return
        }
        #expect(array(packet.bytes) == (0..<14 + min(UInt8(clamping: caplen), 176)).map { $0 })
        let device = event.device
        let index = device?.ifindex
        let isTruncated = event.isTruncated
        #expect(index == 2)
        #expect(event.meta?.gsoSize == 7)
        #expect(!isTruncated)
    }

    @Test func valuesWithoutTheirFlagAreAbsent() {
        var record = fullRecord()
        for index in 50..<52 {
            record[index - 8] = 0  // nt_event.flags
        }
        guard let event = EventView(record.span.bytes) else {
            Issue.record("unreadable")
            return
        }
        #expect(event.flags == [])
        #expect(event.dropLocation == nil)
        #expect(event.dropReason == nil)
        #expect(event.vlanTag == nil)
    }
}
