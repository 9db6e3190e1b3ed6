import Analysis
import ArgumentParser
import Glibc

/// Options that limit how much is kept of live packets (`--timeline`, `--graph`, `--latency`), and of events in the
/// ring.
struct LimitArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: .init("Collect at most so many packets at a time; the one silent for longest gives way.", valueName: "n"))
    var maxPackets = 4096

    @Option(help: .init("Keep at most so many events of a packet; later ones are counted.", valueName: "n"))
    var maxPacketEvents = 512

    @Option(help: .init("Memory for the events of all packets, in MiB.", valueName: "mib"))
    var maxMemory = 64

    @Option(
        parsing: .unconditional,
        help: .init(
            "Memory of the ring between kernel and nettrace, in KiB: a power of two, 4096 unless given. Larger, it bridges longer bursts.",
            valueName: "kib"))
    var ringSize: Int?

    /// Size of the ring in bytes; nil: the default.
    var ringBytes: UInt32? { ringSize.map { UInt32($0) << 10 } }

    func validate() throws {
        if let ringSize {
            let bounds = 16...(1 << 20)
            guard bounds.contains(ringSize), ringSize & (ringSize - 1) == 0 else {
                throw ValidationError(
                    "--ring-size \(ringSize): give a power of two from \(bounds.lowerBound) to \(bounds.upperBound) (KiB), such as 4096"
                )
            }
        }

        try check(maxPackets, "--max-packets", upTo: 1_000_000)
        try check(maxPacketEvents, "--max-packet-events", upTo: 1_000_000)
        try check(maxMemory, "--max-memory", upTo: 1 << 20)
    }

    private func check(_ value: Int, _ option: String, upTo bound: Int) throws {
        guard 1...bound ~= value else {
            throw ValidationError("\(option) \(value): give a number from 1 to \(bound)")
        }
    }

    /// Throws if the memory for the tables of packets cannot be mapped, since the tables themselves cannot report that.
    static func requireMemory(for limits: ContextTracker.Limits) throws {
        let memory = mmap(nil, limits.tableBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, memory != MAP_FAILED else {
            throw RunError(
                "--max-packets \(limits.contexts): this takes \(limits.tableBytes >> 20) MiB of memory, which cannot be had "
                    + "(ulimit -v, vm.overcommit_memory); give a smaller number")
        }
        munmap(memory, limits.tableBytes)
    }

    /// - Parameters:
    ///   - timeout: in nanoseconds, as for `ContextTracker.Limits`.
    ///   - awaitsReturns: whether packets wait for functions that have not returned.
    func limits(timeout: UInt64, awaitsReturns: Bool) -> ContextTracker.Limits {
        ContextTracker.Limits(
            contexts: maxPackets, eventsPerContext: maxPacketEvents, bytes: maxMemory << 20,
            returnGrace: awaitsReturns ? 1_000_000_000 : nil, timeout: timeout)
    }
}
