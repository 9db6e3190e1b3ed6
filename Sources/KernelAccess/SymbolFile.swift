import Glibc
import Synchronization
import SystemPackage

/// /proc/kallsyms, opened once: the kernel decides at the opening whether it shows addresses, so that they can be read
/// again after CAP_SYSLOG has been given up.
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

    /// Fails with ECANCELED once nobody wants it any more.
    func read() throws(Errno) -> SymbolTable {
        try rewind()
        let table = try SymbolTable(descriptor) { isWanted.load(ordering: .relaxed) }
        guard isWanted.load(ordering: .relaxed) else { throw .canceled }
        return table
    }

    /// Ends a read() of another thread soon; there can be no other one.
    func giveUp() { isWanted.store(false, ordering: .relaxed) }

    /// Whether those who opened it see addresses: of all symbols, or of none. (Variables of each CPU begin at 0, and come first.)
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

/// All symbols, on their way: the kernel prints them while the caller does something else.
struct SymbolReading: ~Copyable {
    private let work: BackgroundWork<Result<SymbolTable, Errno>>

    init(_ file: SymbolFile) {
        work = BackgroundWork { Result { () throws(Errno) in try file.read() } }
    }

    consuming func end() throws(KernelError) -> SymbolTable {
        do throws(Errno) { return try work.value().get() } catch { throw SymbolFile.error(error) }
    }
}
