import Glibc
import SystemPackage

/// Names of the kernel's addresses for as long as a trace runs: what has been loaded since, modules and BPF programs, gets
/// its names when it is first seen.
public final class KernelSymbols {
    private var resolver: SymbolResolver?
    /// While nobody has needed them yet.
    private var reading: BackgroundWork<SymbolResolver?>?
    private let readFirst: @Sendable () -> SymbolResolver?
    private let giveUp: () -> Void
    private var nextReadAt: UInt64 = 0
    private let now: () -> UInt64
    private let readAgain: () throws -> SymbolTable
    /// Every address reads as zero: a matter of privileges when the file was opened.
    let areHidden: Bool

    /// - Parameters:
    ///   - now: nanoseconds of any clock that only goes forward.
    ///   - readAgain: all symbols that there are by then.
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

    /// Reads them when they are needed, or expected to be.
    ///
    /// - Parameter file: shows addresses.
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

    /// Does not wait for names that nobody needs any more.
    deinit { giveUp() }

    /// Begins to read, on a thread of its own: names will be needed, but nothing has to wait for them now.
    public func prepare() {
        guard resolver == nil, reading == nil else { return }
        reading = BackgroundWork(readFirst)
    }

    /// Where the code of these functions lies, with the pieces that the compiler has split off. Waits until the symbols have
    /// been read.
    public func code(of functions: Set<String>) -> [(function: String, range: Range<UInt64>)] {
        readNow()
        return resolver?.code(of: functions) ?? []
    }

    private func readNow() {
        guard resolver == nil else { return }
        prepare()
        // Where that fails there is no name now, and perhaps one when it is tried again.
        resolver = (reading.take()?.value() ?? nil) ?? SymbolResolver(SymbolTable())
    }

    /// `tcp_v4_rcv+0x1a3`, for a module's symbol with ` [module]` behind it; `0xffff…` where nothing is near.
    public func describe(_ address: UInt64) -> String {
        readNow()
        if let name = resolver?.describe(address) { return name }
        return lookAgain(for: address) ?? "0x" + String(address, radix: 16)
    }

    /// Reading takes 20 to 100 ms, while records wait in the ring: it is not done again before ten times as long as it took
    /// has gone by.
    private func lookAgain(for address: UInt64) -> String? {
        let start = now()
        guard !areHidden, start >= nextReadAt, let table = try? readAgain() else { return nil }
        let resolver = SymbolResolver(table)
        // Where /proc/kallsyms shows no addresses, what is known came from elsewhere.
        if !resolver.isEmpty { self.resolver = resolver }
        let end = now()
        nextReadAt = end + (end - start) * 10
        return resolver.describe(address)
    }
}
