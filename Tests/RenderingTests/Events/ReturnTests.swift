import AttachPlanning
import CNettraceBPF
import Events
import Rendering
import Testing
import Tracers

/// Names of functions' return values.
@Suite struct ReturnTests {
    static let int = ReturnType.integer(bits: 32, isSigned: true)
    static let unsigned = ReturnType.integer(bits: 32, isSigned: false)
    static let reasons = Enumeration(
        name: "skb_drop_reason", bits: 32, isSigned: false,
        names: [0: "SKB_NOT_DROPPED_YET", 3: "SKB_DROP_REASON_NO_SOCKET"])
    static let busy = Enumeration(
        name: "netdev_tx", bits: 32, isSigned: true,
        names: [0x8000_0000: "__NETDEV_TX_MIN", 0: "NETDEV_TX_OK", 0x10: "NETDEV_TX_BUSY"])

    /// The value with its name, `0 (NET_RX_SUCCESS)`, from the line of a return.
    static func text(_ register: UInt64, _ type: ReturnType, _ meaning: ReturnMeaning? = nil) -> String {
        let line = returnLine(register, FunctionReturn(type: type, meaning: meaning))
        let words = line.dropFirst("463697.331957: [f]: returned ".count)
        return String(
            words.prefix(upTo: words.firstRange(of: "after 12.345 µs, ICMP: ")?.lowerBound ?? words.endIndex)
                .dropLast())
    }

    @Test func theLineOfAReturnBeginsWithIt() {
        #expect(
            returnLine(0, FunctionReturn(type: Self.int, meaning: .receive))
                == "463697.331957: [f]: returned 0 (NET_RX_SUCCESS) after 12.345 µs, "
                + "ICMP: 10.0.0.1 -> 10.0.0.2, ping request , seq: 7")
        #expect(
            returnLine(99, FunctionReturn(type: .void)).hasPrefix(
                "463697.331957: [f]: returned after 12.345 µs, ICMP: "))
        #expect(returnLine(0, FunctionReturn(type: .void), coloured: true).contains("\u{1b}[33mreturned\u{1b}[0m"))
    }

    @Test(
        arguments: [
            (0, .boolean, "false"), (1, .boolean, "true"), (0xffff_ff00, .boolean, "false"), (0xab01, .boolean, "true"),
            (0x1_0000_0002, int, "2"), (0xffff_fff4, int, "-12 (ENOMEM)"), (UInt64.max, int, "-1 (EPERM)"),
            (0xffff_f001, int, "-4095"), (0x8000_0000, int, "-2147483648"), (0xffff_ffd7, int, "-41"),
            (UInt64(bitPattern: -524), .integer(bits: 64, isSigned: true), "-524 (ENOTSUPP)"),
            (0xffff_ffff_ffff_fff4, unsigned, "4294967284"), (0xab12, .integer(bits: 8, isSigned: false), "18"),
            (0xabff, .integer(bits: 8, isSigned: true), "-1"), (0x1_fffe, .integer(bits: 16, isSigned: false), "65534"),
            (UInt64.max, .integer(bits: 64, isSigned: false), "18446744073709551615"),
            (0, .pointer(to: "sk_buff"), "NULL"), (UInt64(bitPattern: -12), .pointer(to: nil), "-12 (ENOMEM)"),
            (UInt64(bitPattern: -4095), .pointer(to: nil), "-4095"),
            (UInt64(bitPattern: -4096), .pointer(to: nil), "0xfffffffffffff000"),
            (0xffff_8881_8f02_f900, .pointer(to: "sk_buff"), "0xffff88818f02f900"), (0xabc, .unknown, "0xabc"),
        ] as [(UInt64, ReturnType, String)])
    func types(_ register: UInt64, _ type: ReturnType, _ expected: String) {
        #expect(Self.text(register, type) == expected)
    }

    @Test(
        arguments: [
            (0xdead_0000_0000, .enumeration(busy), "0 (NETDEV_TX_OK)"),
            (0x10, .enumeration(busy), "16 (NETDEV_TX_BUSY)"),
            (0x8000_0000, .enumeration(busy), "-2147483648 (__NETDEV_TX_MIN)"), (5, .enumeration(busy), "5"),
            (3, .enumeration(reasons), "3 (NO_SOCKET)"), (0, .enumeration(reasons), "0 (SKB_NOT_DROPPED_YET)"),
            (0x10001, .enumeration(reasons), "65537 (RX_DROP_U_REPLAY)"), (77, .enumeration(reasons), "77"),
        ] as [(UInt64, ReturnType, String)])
    func enums(_ register: UInt64, _ type: ReturnType, _ expected: String) {
        #expect(Self.text(register, type) == expected)
    }

    @Test func aMeaningCompletesAnEnum() {
        #expect(Self.text(2, .enumeration(Self.busy), .transmit) == "2 (NET_XMIT_CN)")
        #expect(Self.text(0, .enumeration(Self.busy), .transmit) == "0 (NETDEV_TX_OK)")
    }

    @Test func meaningsSayNothingAboutOtherTypes() {
        #expect(Self.text(1, .boolean, .verdict) == "true")
        #expect(Self.text(0, .pointer(to: nil), .receive) == "NULL")
        #expect(Self.text(1, .unknown, .verdict) == "1 (NF_ACCEPT)")
    }

    static let meanings: [(ReturnMeaning, Int64, String)] = [
        (.errno, 0, "0"), (.errno, -22, "-22 (EINVAL)"), (.errno, 50, "50"), (.bytes, 84, "84 bytes"),
        (.bytes, 0, "0 bytes"), (.bytes, -11, "-11 (EAGAIN)"), (.boolean, 0, "0 (no)"), (.boolean, 1, "1 (yes)"),
        (.boolean, 7, "7 (yes)"), (.number, -1, "-1"), (.number, -22, "-22"), (.hook, 1, "1 (go on)"),
        (.hook, 0, "0 (taken)"), (.hook, -1, "-1 (EPERM)"), (.hook, 2, "2"), (.receive, 0, "0 (NET_RX_SUCCESS)"),
        (.receive, 1, "1 (NET_RX_DROP)"), (.receive, -1, "-1 (EPERM)"), (.receive, 2, "2"),
        (.transmit, 0, "0 (NET_XMIT_SUCCESS)"), (.transmit, 1, "1 (NET_XMIT_DROP)"),
        (.transmit, 2, "2 (NET_XMIT_CN)"),
        (.transmit, 16, "16 (NETDEV_TX_BUSY)"), (.transmit, -105, "-105 (ENOBUFS)"), (.transmit, 3, "3"),
        (.enqueue, 0, "0 (NET_XMIT_SUCCESS)"), (.enqueue, 1, "1 (NET_XMIT_DROP)"),
        (.enqueue, 0x10000, "65536 (NET_XMIT_SUCCESS | __NET_XMIT_STOLEN)"),
        (.enqueue, 0x20001, "131073 (NET_XMIT_DROP | __NET_XMIT_BYPASS)"), (.enqueue, 0x40000, "262144"),
        (.action, -1, "-1 (TC_ACT_UNSPEC)"), (.action, 2, "2 (TC_ACT_SHOT)"), (.action, 9, "9 (TC_ACT_CONSUMED)"),
        (.action, 0x1000_0002, "268435458 (TC_ACT_JUMP 2)"),
        (.action, 0x2000_0007, "536870919 (TC_ACT_GOTO_CHAIN 7)"), (.action, 10, "10"), (.action, -2, "-2"),
        (.program, 2, "2 (XDP_PASS)"), (.program, 4, "4 (XDP_REDIRECT)"), (.program, 5, "5"),
        (.nextProtocol, 0, "0 (taken)"), (.nextProtocol, -41, "-41 (protocol 41)"),
        (.nextProtocol, 50, "50 (protocol 50)"),
        (.nextProtocol, Int64(Int32.min), "-2147483648 (protocol 2147483648)"),
        (.encapsulation, 0, "0 (taken)"), (.encapsulation, 1, "1 (not taken)"),
        (.encapsulation, -4, "-4 (protocol 4)"),
    ]

    @Test(arguments: meanings)
    func wordsOfMeanings(_ meaning: ReturnMeaning, _ value: Int64, _ expected: String) {
        #expect(Self.text(UInt64(bitPattern: value), Self.int, meaning) == expected)
        #expect(Self.text(UInt64(bitPattern: value), .unknown, meaning) == expected)
    }

    static let verdicts: [(ReturnMeaning, UInt64, String)] = [
        (.verdict, 0, "0 (NF_DROP)"), (.verdict, 1, "1 (NF_ACCEPT)"), (.verdict, 2, "2 (NF_STOLEN)"),
        (.verdict, 4, "4 (NF_REPEAT)"), (.verdict, 5, "5 (NF_STOP)"), (.verdict, 6, "6"),
        (.verdict, 0x0003, "3 (NF_QUEUE 0)"), (.verdict, 0x0005_8003, "360451 (NF_QUEUE 5)"),
        (.verdict, 0x0001_0000, "65536 (NF_DROP EPERM)"), (.verdict, 0x000c_0002, "786434 (NF_STOLEN ENOMEM)"),
        (.verdict, 0x0fff_0000, "268369920 (NF_DROP 4095)"), (.target, 0xffff_ffff, "4294967295 (XT_CONTINUE)"),
        (.target, 0xffff_fffb, "4294967291 (XT_RETURN)"), (.target, 1, "1 (NF_ACCEPT)"), (.target, 7, "7"),
    ]

    @Test(arguments: verdicts)
    func wordsOfVerdicts(_ meaning: ReturnMeaning, _ register: UInt64, _ expected: String) {
        #expect(Self.text(register, Self.unsigned, meaning) == expected)
    }

    @Test func conntracksVerdictsAreNegative() {
        #expect(Self.text(0xffff_ffff, Self.int, .verdict) == "-1 (-NF_ACCEPT)")
        #expect(Self.text(0xffff_fffc, Self.int, .verdict) == "-4 (-NF_REPEAT)")
        #expect(Self.text(0xffff_ff00, Self.int, .verdict) == "-256")
    }

    @Test func everyMeaningIsTested() {
        #expect(Set(Self.meanings.map(\.0) + Self.verdicts.map(\.0)) == Set(ReturnMeaning.allCases))
    }

    @Test func json() throws {
        let validator = try SchemaValidator()
        let cases: [(UInt64, FunctionReturn, String)] = [
            (0, .init(type: Self.int, meaning: .receive), #"{"value":0,"name":"NET_RX_SUCCESS","ns":12345}"#),
            (0xffff_fff4, .init(type: Self.int), #"{"value":-12,"name":"ENOMEM","ns":12345}"#),
            (7, .init(type: Self.int), #"{"value":7,"ns":12345}"#), (7, .init(type: .void), #"{"ns":12345}"#),
            (1, .init(type: .boolean), #"{"value":true,"ns":12345}"#),
            (0, .init(type: .pointer(to: nil)), #"{"value":"0x0","ns":12345}"#),
            (0xabc, .init(), #"{"value":"0xabc","ns":12345}"#),
            (84, .init(type: Self.int, meaning: .bytes), #"{"value":84,"ns":12345}"#),
        ]
        for (register, function, expected) in cases {
            let object = returnJSON(register, function)
            #expect(object.contains(#""ret":\#(expected),"entered":463697331944778"#), "\(object)")
            #expect(validator.problems(object) == [])
        }
    }

    @Test func clocksThatLieGiveNoTime() {
        let record = EventRecord(flags: NT_EVENT_RETURN, functionReturn: (0, .max))
        #expect(line(record).contains("returned 0x0 after 0.000 µs"))
    }
}

private func record(_ register: UInt64) -> EventRecord {
    EventRecord(
        flags: NT_EVENT_RETURN, packet: ipv4(1, echoRequest), functionReturn: (register, 463_697_331_957_123 - 12_345))
}

private func names(_ function: FunctionReturn) -> NameTable {
    NameTable(
        hooks: [.init(tracer: "f", module: "ip", returns: function)],
        dropReasons: [0x3: "SKB_DROP_REASON_NO_SOCKET", 0x10001: "RX_DROP_U_REPLAY"])
}

private func returnLine(_ register: UInt64, _ function: FunctionReturn, coloured: Bool = false) -> String {
    var renderer = LineRenderer(names: names(function), tracerWidth: 0, coloured: coloured)
    return rendered(record(register)) { renderer.render($0, into: &$1) }
}

private func returnJSON(_ register: UInt64, _ function: FunctionReturn) -> String {
    var renderer = JSONRenderer(names: names(function))
    return rendered(record(register)) { renderer.render($0, into: &$1) }
}
