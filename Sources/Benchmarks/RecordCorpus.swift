import CNettraceBPF

/// Records as the kernel side writes them, consecutive as in the ring: a mix as on a busy server.
struct RecordCorpus {
    /// All records, each at a multiple of 8 bytes.
    private(set) var bytes: [UInt8]
    /// The range of each record in `bytes`.
    let records: [Range<Int>]

    /// - Parameters:
    ///   - count: number of records.
    ///   - sections: sections of each record (NT_SECTION_).
    init(count: Int, sections: UInt32) {
        var bytes: [UInt8] = []
        var records: [Range<Int>] = []
        for index in 0..<count {
            let record = Self.mix[index % Self.mix.count].record(index, sections)
            records.append(bytes.count..<bytes.count + record.count)
            bytes += record
            bytes += [UInt8](repeating: 0, count: -record.count & 7)
        }
        self.bytes = bytes
        self.records = records
    }

    /// Turns the records into those that would follow: later times, and other packets.
    mutating func goOn() {
        let duration = UInt64(records.count) * Self.interval
        let packets = UInt64(records.count)
        bytes.withUnsafeMutableBytes { bytes in
            for record in records {
                var head = bytes.loadUnaligned(fromByteOffset: record.lowerBound, as: nt_event.self)
                head.ts += duration
                head.ctx += packets
                bytes.storeBytes(of: head, toByteOffset: record.lowerBound, as: nt_event.self)
            }
        }
    }

    static let hookCount = 181
    /// Nanoseconds between records.
    fileprivate static let interval: UInt64 = 1_733

    /// 6 of 10 records are TCP, the others pings and datagrams; 2 of 10 are drops, 3 of 10 are over IPv6.
    private static let mix: [Sample] = [
        Sample(proto: 6, transport: tcp(flags: 0x10)),
        Sample(proto: 1, transport: [8, 0, 0, 0, 0x12, 0x34, 0, 7]),
        Sample(proto: 6, isIPv6: true, transport: tcp(flags: 0x18)),
        Sample(proto: 17, transport: udp(to: 53)),
        Sample(proto: 6, transport: tcp(flags: 0x02)),
        Sample(proto: 17, isDrop: true, transport: udp(to: 33434)),
        Sample(proto: 58, isIPv6: true, transport: [128, 0, 0, 0, 0x12, 0x34, 0, 7]),
        Sample(proto: 6, transport: tcp(flags: 0x18)),
        Sample(proto: 6, isDrop: true, isIPv6: true, transport: tcp(flags: 0x02)),
        Sample(proto: 6, transport: tcp(flags: 0x11)),
    ]

    private static func tcp(flags: UInt8) -> [UInt8] {
        [0x01, 0xbb, 0xc8, 0x22, 0x7a, 1, 2, 3, 0x1b, 4, 5, 6, 0x50, flags, 0xfa, 0xf0, 0, 0, 0, 0]
    }

    private static func udp(to port: UInt16) -> [UInt8] {
        [0xa3, 0x88, UInt8(port >> 8), UInt8(port & 0xff), 0, 48, 0, 0]
    }
}

/// One kind of packet in the mix.
private struct Sample {
    var proto: UInt8
    var isDrop = false
    var isIPv6 = false
    var transport: [UInt8]

    func record(_ index: Int, _ sections: UInt32) -> [UInt8] {
        var head = nt_event()
        head.ts = 463_697_331_957_123 + UInt64(index) * RecordCorpus.interval
        // 64 packets at a time, each with 16 events.
        let (round, packet) = index.quotientAndRemainder(dividingBy: 64)
        head.ctx = UInt64(round / 16 * 64 + packet + 1)
        head.skb = 0xffff_8881_8f02_f900 + UInt64(packet) * 0x100
        if round % 16 == 15 { head.flags = UInt16(NT_EVENT_FREE) }
        head.len = UInt32(network.count)
        head.hook = UInt16(index % RecordCorpus.hookCount)
        head.cpu = UInt16(index & 1)
        head.sections = UInt16(sections)
        head.protocol = isIPv6 ? 0x86dd : 0x0800
        head.flags |= UInt16(NT_EVENT_L2)
        if isDrop {
            head.flags |= UInt16(NT_EVENT_DROP | NT_EVENT_REASON | NT_EVENT_FREE)
            head.reason = RecordingNames.dropReason
            head.location = 0xffff_ffff_8100_01a3
        }
        var record = bytes(of: head)
        if sections & NT_SECTION_PACKET != 0 { record += packetSection }
        if sections & NT_SECTION_DEVICE != 0 { record += deviceSection }
        if sections & NT_SECTION_TASK != 0 { record += taskSection }
        if sections & NT_SECTION_META != 0 {
            record += bytes(
                of: nt_meta(
                    mark: 42, hash: 0x1234_5678, priority: 0, skb_iif: 2, data_len: 0, queue: 1, gso_size: 0))
        }
        return record
    }

    private var network: [UInt8] {
        let length = [0, UInt8(transport.count)]
        return isIPv6
            ? [0x60, 0, 0, 0] + length + [proto, 64] + [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
                + [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 9] + transport
            : [0x45, 0, 0, UInt8(20 + transport.count), 0x12, 0x34, 0x40, 0, 64, proto, 0, 0]
                + [192, 0, 2, 8, 198, 51, 100, 98] + transport
    }

    private var packetSection: [UInt8] {
        let frame = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] + (isIPv6 ? [0x86, 0xdd] : [8, 0]) + network
        return bytes(of: UInt16(network.count)) + padded(frame, to: Int(NT_SNAPLEN))
    }

    private var deviceSection: [UInt8] {
        bytes(of: UInt32(0xf000_0001)) + bytes(of: UInt32(2)) + padded(Array("eth0".utf8), to: Int(NT_IFNAME_LEN))
    }

    private var taskSection: [UInt8] {
        bytes(of: UInt32(1234)) + bytes(of: UInt32(1234)) + padded(Array("nginx".utf8), to: Int(NT_COMM_LEN))
    }

    private func bytes<Value: BitwiseCopyable>(of value: Value) -> [UInt8] {
        withUnsafeBytes(of: value) { Array($0) }
    }

    private func padded(_ bytes: [UInt8], to size: Int) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: size - bytes.count)
    }
}
