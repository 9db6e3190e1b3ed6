import Glibc
import Synchronization
import SystemPackage

/// /proc/kallsyms, opened once. The kernel decides at open(2) whether it shows addresses, so they can be read again
/// after CAP_SYSLOG has been given up.
final class SymbolFile: Sendable {
    private let descriptor: FileDescriptor
    private let isWanted = Atomic(true)
    private static let path: FilePath = "/proc/kallsyms"

    init() throws(KernelError) {
        do throws(Errno) {
            descriptor = FileDescriptor(rawValue: try openForReading(Self.path))
        } catch {
            throw Self.error(error)
        }
    }

    deinit { try? descriptor.close() }

    /// Reads all symbols. Fails with ECANCELED after `giveUp`.
    func read() throws(Errno) -> SymbolTable {
        try rewind()
        let table = try SymbolTable(descriptor) { isWanted.load(ordering: .relaxed) }
        guard isWanted.load(ordering: .relaxed) else { throw .canceled }
        return table
    }

    /// Ends a running read() of another thread soon. No read() can succeed afterwards.
    func giveUp() { isWanted.store(false, ordering: .relaxed) }

    /// Whether the file shows addresses, which it does for all symbols or for none. (Looks at the first function:
    /// per-CPU variables, which come first, begin at 0.)
    func showsAddresses() -> Bool {
        guard (try? rewind()) != nil, let first = try? SymbolTable.firstFunction(in: descriptor) else { return false }
        return first.address != 0
    }

    private func rewind() throws(Errno) {
        guard lseek(descriptor.rawValue, 0, SEEK_SET) == 0 else { throw Errno(rawValue: errno) }
    }

    static func error(_ error: Errno) -> KernelError {
        KernelError("cannot read \(path)", errno: error, remedy: "nettrace needs a kernel with CONFIG_KALLSYMS=y")
    }
}

/// A read of all symbols in progress: the kernel prints them while the caller does something else.
struct SymbolReading: ~Copyable {
    private let work: BackgroundWork<Result<SymbolTable, Errno>>

    init(_ file: SymbolFile) {
        work = BackgroundWork { Result { () throws(Errno) in try file.read() } }
    }

    consuming func end() throws(KernelError) -> SymbolTable {
        do throws(Errno) { return try work.value().get() } catch { throw SymbolFile.error(error) }
    }
}
