import Glibc
import SystemPackage

/// Names of the kernel's addresses for as long as a trace runs: what has been loaded since, modules and BPF programs, gets
/// its names when it is first seen.
public final class KernelSymbols {
    private var resolver: SymbolResolver
    private var nextReadAt: UInt64 = 0
    private let now: () -> UInt64
    private let readAgain: () throws -> SymbolTable

    /// - Parameters:
    ///   - now: nanoseconds of any clock that only goes forward.
    ///   - readAgain: all symbols that there are by then.
    init(
        _ table: consuming SymbolTable, now: @escaping () -> UInt64 = monotonicNow,
        readAgain: @escaping () throws -> SymbolTable
    ) {
        resolver = SymbolResolver(table)
        self.now = now
        self.readAgain = readAgain
    }

    /// Every address reads as zero: a matter of privileges when the file was opened.
    var areHidden: Bool { resolver.isEmpty }

    /// `tcp_v4_rcv+0x1a3`, for a module's symbol with ` [module]` behind it; `0xffff…` where nothing is near.
    public func describe(_ address: UInt64) -> String {
        if let name = resolver.describe(address) { return name }
        return lookAgain(for: address) ?? "0x" + String(address, radix: 16)
    }

    /// Reading takes 20 to 100 ms, while records wait in the ring: it is not done again before ten times as long as it took
    /// has gone by.
    private func lookAgain(for address: UInt64) -> String? {
        let start = now()
        guard !areHidden, start >= nextReadAt, let table = try? readAgain() else { return nil }
        resolver = SymbolResolver(table)
        let end = now()
        nextReadAt = end + (end - start) * 10
        return resolver.describe(address)
    }
}

/// /proc/kallsyms, opened once: the kernel decides at the opening whether it shows addresses, so that they can be read
/// again after CAP_SYSLOG has been given up.
final class SymbolFile: Sendable {
    private let descriptor: FileDescriptor
    private static let path: FilePath = "/proc/kallsyms"

    init() throws(KernelError) {
        do throws(Errno) {
            descriptor = FileDescriptor(rawValue: try openForReading(Self.path))
        } catch {
            throw Self.error(error)
        }
    }

    deinit { try? descriptor.close() }

    func read() throws(Errno) -> SymbolTable {
        guard lseek(descriptor.rawValue, 0, SEEK_SET) == 0 else { throw Errno(rawValue: errno) }
        return try SymbolTable(descriptor)
    }

    static func error(_ error: Errno) -> KernelError {
        KernelError("cannot read \(path)", errno: error, remedy: "nettrace needs a kernel with CONFIG_KALLSYMS=y")
    }
}
