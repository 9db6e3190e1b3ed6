import CNettraceBPF
import Events
import Rendering
import Testing

private let id = "4f2a9c1d3e5b" + String(repeating: "0", count: 52)

private let established = nt_sock(
    address: 0xffff_8881_0000_1000, cookie: 0x1001, inode: 31337, cgroup: 5123, uid: 33, ifindex: 0, family: 2,
    type: 1, protocol: 6, state: 1)

private var names: SocketNames {
    SocketNames(
        owner: { inode in
            switch inode {
            case 31337: .init(pid: 812, command: "nginx", others: 2)
            case 31338: .init(pid: 813, command: "evil\u{1b}[31m \"", others: 0)
            default: nil
            }
        },
        cgroupPath: { group in
            switch group {
            case 5123: "/system.slice/docker-\(id).scope"
            case 5124: "/system.slice/\u{1b}ssh.service"
            default: nil
            }
        })
}

private func record(_ socket: nt_sock?) -> EventRecord {
    var record = EventRecord(packet: ipv4(6, tcp(0x10)))
    record.socket = socket
    return record
}

private func changed(_ change: (inout nt_sock) -> Void) -> nt_sock {
    var socket = established
    change(&socket)
    return socket
}

@Suite struct SocketTests {
    @Test func theColumn() {
        let text = line(record(established), columns: [.socket, .length], sockets: names)
        #expect(
            text.hasPrefix(
                "463697.331957: [ip_rcv]: [len:84] [sock:ESTABLISHED owner:nginx:812+2 container:4f2a9c1d3e5b "
                    + "cookie:0x1001] TCP: 10.0.0.1:443"))
    }

    @Test func whatIsNotKnownIsLeftOut() {
        #expect(line(record(nil), columns: .socket).contains("]: [-] TCP: "))
        let bare = changed { ($0.cookie, $0.cgroup, $0.inode, $0.state) = (0, 0, 0, 6) }
        #expect(line(record(bare), columns: .socket, sockets: names).contains(" [sock:TIME_WAIT] TCP: "))
        let unknown = changed { ($0.cgroup, $0.inode, $0.state) = (9, 99, 10) }
        #expect(
            line(record(unknown), columns: .socket, sockets: names).contains(
                " [sock:LISTEN inode:99 cgroup:#9 cookie:0x1001] TCP: "))
    }

    @Test func namesCannotSteerTheTerminal() throws {
        let evil = changed { ($0.inode, $0.cgroup) = (31338, 5124) }
        #expect(
            line(record(evil), columns: .socket, sockets: names).contains(
                #" owner:evil\x1b[31m ":813 cgroup:/system.slice/\x1bssh.service cookie"#))
        let value = try JSONValue.parse(json(record(evil), sockets: names))
        #expect(value["sock"]?["owner"]?["comm"] == .string("evil\u{1b}[31m \""))
        #expect(value["sock"]?["cgroup"]?["path"] == .string("/system.slice/\u{1b}ssh.service"))
        #expect(value["sock"]?["cgroup"]?["container"] == nil)
    }

    @Test(arguments: [
        (1, 2, "CONNECTED"), (7, 2, "UNCONNECTED"), (7, 3, "UNCONNECTED"), (7, 1, "CLOSE"), (10, 1, "LISTEN"),
    ])
    func statesAreNamedByWhatTheSocketIs(_ state: UInt16, _ type: UInt16, _ word: String) {
        let socket = changed { ($0.state, $0.type) = (state, type) }
        #expect(line(record(socket), columns: .socket).contains(" [sock:\(word) "))
    }

    @Test func theObject() {
        #expect(
            json(record(established), sockets: names).hasSuffix(
                #","sock":{"address":"0xffff888100001000","family":"inet","type":"stream","protocol":"tcp","#
                    + #""state":"ESTABLISHED","cookie":"0x1001","inode":31337,"uid":33,"#
                    + #""owner":{"pid":812,"comm":"nginx","others":2},"#
                    + #""cgroup":{"id":5123,"path":"/system.slice/docker-\#(id).scope","container":"4f2a9c1d3e5b"}}}"#))
        #expect(!json(record(nil)).contains("sock"))
    }

    @Test func everyObjectKeepsToTheSchema() throws {
        let validator = try SchemaValidator()
        for number in [0, 1, 2, 3, 5, 6, 7, 10, 12, 13, 17, 44, 262, 65535] as [UInt16] {
            let socket = changed {
                ($0.family, $0.type, $0.protocol, $0.state) = (number, number, number, number)
                $0.ifindex = UInt32(number)
            }
            #expect(validator.problems(json(record(socket), sockets: names)) == [])
            let inet = changed { ($0.type, $0.protocol, $0.cgroup) = (number, number, 77) }
            #expect(validator.problems(json(record(inet))) == [])
        }
        let broken = json(record(established), sockets: names).replacing(#""state":"ESTABLISHED""#, with: #""state":1"#)
        #expect(!validator.problems(broken).isEmpty)
    }
}
