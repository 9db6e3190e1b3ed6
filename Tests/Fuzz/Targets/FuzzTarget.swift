/// An entry point of the program for untrusted bytes. No input may make it trap.
public struct FuzzTarget: Sendable {
    public let run: @Sendable (UnsafeRawBufferPointer) -> Void

    public static let all: [String: FuzzTarget] = [
        "arguments": FuzzTarget(run: ArgumentTargets.commandLine),
        "values": FuzzTarget(run: ValueTargets.values),
        "catalog": FuzzTarget(run: CatalogTargets.catalog),
        "selection": FuzzTarget(run: CatalogTargets.selection),
        "expressions": FuzzTarget(run: FilterTargets.expression),
        "programs": FuzzTarget(run: FilterTargets.program),
        "packets": FuzzTarget(run: RecordTargets.packet),
        "records": FuzzTarget(run: RecordTargets.records),
        "recordings": FuzzTarget(run: RecordingTargets.file),
        "blocks": FuzzTarget(run: RecordingTargets.blocks),
        "captures": FuzzTarget(run: CaptureTargets.file),
        "nftables": FuzzTarget(run: RulesetTargets.nftables),
        "xtables": FuzzTarget(run: RulesetTargets.xtables),
        "netlink": FuzzTarget(run: NetlinkTargets.answer),
        "snoopfilters": FuzzTarget(run: SnoopTargets.filter),
        "snooppackets": FuzzTarget(run: SnoopTargets.packet),
        "symbols": FuzzTarget(run: KernelTargets.symbols),
        "types": FuzzTarget(run: KernelTargets.types),
        "scripts": FuzzTarget(run: ScriptTargets.program),
    ]
}

/// Reads an input from its front; missing bytes read as zero.
struct FuzzInput {
    private(set) var rest: UnsafeRawBufferPointer.SubSequence

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes[...] }

    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number {
        (0..<MemoryLayout<Number>.size).reduce(0) { number, _ in number << 8 | Number(truncatingIfNeeded: byte()) }
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return Array(taken)
    }

    /// The text up to the next NUL, which is consumed, too.
    mutating func text() -> String {
        let bytes = rest.prefix { $0 != 0 }
        rest = rest.dropFirst(bytes.count + 1)
        return String(decoding: bytes, as: UTF8.self)
    }
}
