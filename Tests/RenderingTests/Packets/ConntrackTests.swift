import CNettraceBPF
import Events
import Rendering
import Testing

private let dnat: UInt32 = 1 << 5

private func address(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: 16 - bytes.count) }

private func tuple(_ source: [UInt8], _ sourcePort: UInt16, _ destination: [UInt8], _ port: UInt16) -> nt_tuple {
    var tuple = nt_tuple()
    withUnsafeMutableBytes(of: &tuple.source) { $0.copyBytes(from: address(source)) }
    withUnsafeMutableBytes(of: &tuple.destination) { $0.copyBytes(from: address(destination)) }
    tuple.source_port = sourcePort.bigEndian
    tuple.destination_port = port.bigEndian
    return tuple
}

/// The first packet of a connection to 10.9.3.200:80, which DNAT sends to 10.9.2.2:80.
private func entry(_ change: (inout nt_ct) -> Void = { _ in }) -> nt_ct {
    var entry = nt_ct()
    entry.address = 0xffff_8881_0000_1000
    entry.status = dnat
    entry.zone_directions = 3
    entry.info = UInt8(NT_CT_READ) | 2
    entry.original = tuple([10, 9, 1, 1], 40000, [10, 9, 3, 200], 80)
    entry.reply = tuple([10, 9, 2, 2], 80, [10, 9, 1, 1], 40000)
    entry.family = 2
    entry.protocol = 6
    entry.state = 1
    change(&entry)
    return entry
}

extension nt_ct {
    fileprivate var family: UInt16 {
        get { original.family }
        set { original.family = newValue }
    }
    fileprivate var `protocol`: UInt8 {
        get { original.protocol }
        set { original.protocol = newValue }
    }
    /// For all protocols.
    fileprivate var state: UInt8 {
        get { tcp_state }
        set { (tcp_state, sctp_state) = (newValue, newValue) }
    }
}

private func record(_ entry: nt_ct?) -> EventRecord {
    var record = EventRecord(packet: ipv4(6, tcp(0x02)))
    record.conntrack = entry
    return record
}

/// The column, with its blank.
private func column(_ entry: nt_ct?) -> String {
    let text = line(record(entry), columns: .conntrack)
    return String(text.dropFirst("463697.331957: [ip_rcv]: ".count).prefix { $0 != "]" }) + "]"
}

private let tuples = "orig:10.9.1.1:40000->10.9.3.200:80 reply:10.9.2.2:80->10.9.1.1:40000"

@Suite struct ConntrackTests {
    @Test func theColumn() {
        #expect(
            line(record(entry()), columns: [.conntrack, .length]).hasPrefix(
                "463697.331957: [ip_rcv]: [len:84] [ct:NEW tcp:SYN_SENT UNREPLIED,UNCONFIRMED,DST_NAT \(tuples)] "
                    + "TCP: 10."))
        #expect(!line(record(entry())).contains("ct:"))
    }

    @Test func answersMarksAndZones() {
        let answer = entry {
            ($0.info, $0.state, $0.status) = (UInt8(NT_CT_READ) | 3, 3, dnat | 0b1110)
            ($0.zone, $0.mark) = (5, 0x10)
        }
        #expect(
            column(answer) == "[ct:ESTABLISHED dir:reply tcp:ESTABLISHED ASSURED,DST_NAT \(tuples) zone:5 mark:0x10]")
        #expect(column(entry { ($0.zone, $0.zone_directions) = (7, 1) }).hasSuffix(" zone-orig:7]"))
        #expect(column(entry { ($0.zone, $0.zone_directions) = (7, 2) }).hasSuffix(" zone-reply:7]"))
        #expect(column(entry { $0.info = UInt8(NT_CT_READ) | 4 }).hasPrefix("[ct:RELATED dir:reply "))
        #expect(column(entry { $0.info = UInt8(NT_CT_READ) | 1 }).hasPrefix("[ct:RELATED tcp:"))
    }

    @Test func flags() {
        #expect(column(entry { $0.status = 0b1110 }).contains(" tcp:SYN_SENT ASSURED orig:"))
        #expect(column(entry { $0.status = 0b1010 }).contains(" tcp:SYN_SENT orig:"))
        let all = entry { $0.status = 1 << 0 | 1 << 2 | 1 << 4 | 1 << 9 | 1 << 13 | 1 << 14 | 1 << 15 }
        #expect(
            column(all).contains(
                " EXPECTED,UNREPLIED,ASSURED,UNCONFIRMED,SRC_NAT,DYING,HELPER,OFFLOAD,HW_OFFLOAD orig:"))
    }

    @Test func whereThereIsNoEntry() {
        #expect(column(nil) == "[-]")
        #expect(column(nt_ct()) == "[ct:none]")
        var untracked = nt_ct()
        untracked.info = 7
        #expect(column(untracked) == "[ct:UNTRACKED]")
        // Its layout is not known: no flag may be made of zeros.
        var unread = nt_ct()
        (unread.address, unread.info) = (1, 2)
        #expect(column(unread) == "[ct:NEW]")
        var template = nt_ct()
        (template.address, template.info) = (1, UInt8(NT_CT_READ) | 2)
        (template.status, template.zone) = (1 << 11 | 1 << 3, 9)
        #expect(column(template) == "[ct:TEMPLATE zone:9]")
    }

    @Test func otherProtocols() {
        let echo = entry {
            $0.original = tuple([10, 9, 1, 1], 7, [10, 9, 2, 2], 0x0800)
            $0.reply = tuple([10, 9, 2, 2], 7, [10, 9, 1, 1], 0)
            ($0.family, $0.protocol, $0.state) = (2, 1, 0)
        }
        #expect(
            column(echo).hasSuffix(
                " icmp UNREPLIED,UNCONFIRMED,DST_NAT orig:10.9.1.1->10.9.2.2,type:8,id:7 "
                    + "reply:10.9.2.2->10.9.1.1,type:0,id:7]"))
        let v6 = [0xfd, 9] + [UInt8](repeating: 0, count: 13)
        let datagram = entry {
            $0.original = tuple(v6 + [1], 5000, v6 + [2], 53)
            ($0.protocol, $0.state, $0.family) = (17, 3, 10)
        }
        #expect(
            line(record(datagram), columns: .conntrack).contains(
                " udp UNREPLIED,UNCONFIRMED,DST_NAT orig:[fd09::1]:5000->[fd09::2]:53 reply:"))
        #expect(column(entry { ($0.protocol, $0.state) = (132, 3) }).contains(" sctp:COOKIE_ECHOED "))
        #expect(column(entry { ($0.protocol, $0.state) = (47, 0) }).contains(" gre UNREPLIED"))
        #expect(column(entry { ($0.protocol, $0.state) = (200, 3) }).contains(" orig:10.9.1.1->10.9.3.200 reply:"))
    }

    @Test func theObject() {
        let text = json(record(entry { ($0.zone, $0.zone_directions, $0.mark) = (5, 1, 16) }))
        #expect(
            text.hasSuffix(
                #","ct":{"state":"NEW","direction":"original","address":"0xffff888100001000","l4":"tcp","#
                    + #""protocol_state":"SYN_SENT","status":["UNREPLIED","UNCONFIRMED","DST_NAT"],"zone":5,"#
                    + #""zone_direction":"original","mark":16,"#
                    + #""original":{"saddr":"10.9.1.1","daddr":"10.9.3.200","sport":40000,"dport":80},"#
                    + #""reply":{"saddr":"10.9.2.2","daddr":"10.9.1.1","sport":80,"dport":40000}}}"#))
        #expect(json(record(nt_ct())).hasSuffix(#","ct":{"state":"none"}}"#))
        #expect(!json(record(nil)).contains(#""ct""#))
    }

    @Test func everyObjectKeepsToTheSchema() throws {
        let validator = try SchemaValidator()
        for number in [0, 1, 2, 3, 4, 5, 6, 7, 10, 17, 58, 132, 200, 255] as [UInt8] {
            for family in [0, 2, 10, 7] as [UInt16] {
                let odd = entry {
                    ($0.info, $0.protocol, $0.state, $0.zone_directions) = (number, number, number, number)
                    ($0.family, $0.status) = (family, UInt32(number) << 8 | UInt32(number))
                }
                #expect(validator.problems(json(record(odd))) == [])
                let read = entry {
                    ($0.info, $0.protocol, $0.family) = (UInt8(NT_CT_READ) | number & 7, number, family)
                }
                #expect(validator.problems(json(record(read))) == [])
            }
        }
        let broken = json(record(entry())).replacing(#""state":"NEW""#, with: #""state":"new""#)
        #expect(!validator.problems(broken).isEmpty)
    }
}
