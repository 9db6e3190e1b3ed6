import Glibc
import SystemPackage

/// Names of the kernel's addresses while a trace runs. Modules and BPF programs that were loaded after the start get
/// their names when an address is not found.
public final class KernelSymbols {
    private var resolver: SymbolResolver?
    /// The running first read, until its result is needed.
    private var reading: BackgroundWork<SymbolResolver?>?
    private let readFirst: @Sendable () -> SymbolResolver?
    private let giveUp: () -> Void
    private var nextReadAt: UInt64 = 0
    private let now: () -> UInt64
    private let readAgain: () throws -> SymbolTable
    /// Whether every address reads as zero, decided by the privileges at the time when the file was opened.
    let areHidden: Bool

    /// - Parameters:
    ///   - now: nanoseconds of any clock that only goes forward.
    ///   - readAgain: reads all symbols that exist at the time of the call.
    init(
        _ table: consuming SymbolTable, now: @escaping () -> UInt64 = monotonicNow,
        readAgain: @escaping () throws -> SymbolTable
    ) {
        let resolver = SymbolResolver(table)
        areHidden = resolver.isEmpty
        self.resolver = resolver
        readFirst = { nil }
        giveUp = {}
        self.now = now
        self.readAgain = readAgain
    }

    /// Reads the symbols in `prepare`, or when they are first needed.
    ///
    /// - Parameter file: must show addresses.
    init(_ file: SymbolFile) {
        areHidden = false
        readFirst = {
            let resolver = (try? file.read()).map { SymbolResolver($0) }
            ProcessSetup.returnFreeMemory()
            return resolver
        }
        giveUp = file.giveUp
        now = monotonicNow
        readAgain = file.read
    }

    /// Ends a running read without waiting for all names.
    deinit { giveUp() }

    /// Starts to read the symbols on a thread of its own; nothing waits for them yet.
    public func prepare() {
        guard resolver == nil, reading == nil else { return }
        reading = BackgroundWork(readFirst)
    }

    /// Address ranges of these functions, including the pieces that the compiler has split off. Waits until the symbols
    /// have been read.
    public func code(of functions: Set<String>) -> [(function: String, range: Range<UInt64>)] {
        readNow()
        return resolver?.code(of: functions) ?? []
    }

    private func readNow() {
        guard resolver == nil else { return }
        prepare()
        // If the read fails there are no names now; `describe` tries again.
        resolver = (reading.take()?.value() ?? nil) ?? SymbolResolver(SymbolTable())
    }

    /// `tcp_v4_rcv+0x1a3`, followed by ` [module]` for a module's symbol; `0xffff…` if no symbol is near.
    public func describe(_ address: UInt64) -> String {
        readNow()
        if let name = resolver?.describe(address) { return name }
        return lookAgain(for: address) ?? "0x" + String(address, radix: 16)
    }

    /// Reads the symbols again. That takes 20 to 100 ms while records wait in the ring, so the next read waits for at
    /// least ten times as long.
    private func lookAgain(for address: UInt64) -> String? {
        let start = now()
        guard !areHidden, start >= nextReadAt, let table = try? readAgain() else { return nil }
        let resolver = SymbolResolver(table)
        // If /proc/kallsyms shows no addresses, the known names came from the iterator and are kept.
        if !resolver.isEmpty { self.resolver = resolver }
        let end = now()
        nextReadAt = end + (end - start) * 10
        return resolver.describe(address)
    }
}
