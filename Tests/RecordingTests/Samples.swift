import SystemPackage

@testable import Recording

private let returns: [Int: RecordedReturn] = [
    0: RecordedReturn(kind: .enumeration, bits: 0, enumeration: 0, meaning: "net-xmit"),
    1: RecordedReturn(kind: .pointer, structure: "sk_buff"), 3: RecordedReturn(kind: .signed, bits: 32),
]

/// The header of a run with two hooks.
func makeHeader(hooks: Int = 2) -> RecordingHeader {
    RecordingHeader(
        program: "0.1", kernelRelease: "6.12", machine: "x86_64", commandLine: ["nettrace", "-w", "f"],
        clockOffset: -5, layout: RecordLayout([.init(name: "e", size: 56), .init(name: "p", size: 128)]),
        hooks: (0..<hooks).map {
            RecordedHook(
                tracer: "t\($0)", group: "g", kernelName: "k\($0)", method: "m", flags: UInt32($0),
                returns: returns[$0])
        }, dropReasons: [2: "NO_SOCKET", 0x10001: "ü"],
        enumerations: [RecordedEnumeration(name: "e", bits: 32, isSigned: true, names: [0: "OK", 0xffff_ffff: "BAD"])])
}

let accounting = RecordingAccounting(
    matched: 10, delivered: 3, lost: 5, suppressed: 2, attached: 2, skipped: 1, losses: [.init(hook: 1, lost: 5)])

let symbol = RecordedSymbol(address: 0xffff_ffff_8100_01a3, text: "tcp_v4_rcv+0x1a3")

let socketOwner = RecordedSocketOwner(inode: 31337, pid: 812, command: "nginx\u{1b}", others: 2)

let cgroup = RecordedCgroup(id: 5123, path: "/system.slice/nginx.service")

/// A record whose bytes depend on its number.
func makeRecord(_ number: Int, size: Int = 24) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) }
}

/// An encoder's output for a run: records of two sizes, with names between them.
func makeRecording(_ records: [[UInt8]] = [makeRecord(1), makeRecord(2), makeRecord(3, size: 13)]) -> [UInt8] {
    var encoder = RecordingEncoder(makeHeader())
    for (index, record) in records.enumerated() {
        if index == 1 {
            encoder.closeBlocks()
            encoder.append(symbol)
            encoder.append(socketOwner)
            encoder.append(cgroup)
        }
        _ = encoder.append(record: record.span.bytes)
    }
    encoder.finish(accounting)
    return encoder.output
}

/// Everything that a reader returns, and how it ended.
struct Contents: Equatable {
    var header: RecordingHeader?
    var records: [[UInt8]] = []
    var symbols: [RecordedSymbol] = []
    var socketOwners: [RecordedSocketOwner] = []
    var cgroups: [RecordedCgroup] = []
    var clockSteps: [RecordedClockStep] = []
    var accounting: RecordingAccounting?
    var error: RecordingError?

    init(_ bytes: [UInt8]) {
        self.init(source: MemorySource(bytes))
    }

    init(source: some ByteSource) {
        do throws(RecordingError) {
            var reader = try RecordingReader(source)
            header = reader.header
            reading: while true {
                switch try reader.next() {
                case .record(let record): records.append(record.withUnsafeBytes(Array.init))
                case .symbols(let more): symbols += more
                case .socketOwners(let more): socketOwners += more
                case .cgroups(let more): cgroups += more
                case .clockSteps(let more): clockSteps += more
                case .accounting(let account): accounting = account
                case nil: break reading
                }
            }
        } catch {
            self.error = error
        }
    }
}

/// A generator with the same numbers in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
