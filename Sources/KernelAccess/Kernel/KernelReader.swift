public import AttachPlanning
import Glibc
import KernelTypes
import SystemPackage
public import Tracers

/// Description of the running kernel: everything that a trace needs to know before it attaches.
public struct KernelDescription {
    public var inventory: KernelInventory
    /// Drop reasons of the core and of loaded subsystems, spelled as in the kernel's source.
    public var dropReasons: [UInt32: String]
    /// `enum sk_rst_reason`, spelled as in the kernel's source; empty before Linux 6.10.
    public var resetReasons: [UInt32: String]
    public var symbols: KernelSymbols
    /// Reduced type information, with which the programs load faster.
    public var types: ProgramTypes?
    /// Whether all addresses read as zero, which depends on CAP_SYSLOG and kernel.kptr_restrict.
    public var hidesAddresses: Bool { symbols.areHidden }

    /// Throws if the kernel has no BTF or no kallsyms. Needs no privileges; without them addresses are zero.
    ///
    /// - Parameters:
    ///   - programs: whether to list the BPF programs of other processes, too.
    ///   - others: functions to include although they lead to no packet or socket.
    public static func read(
        functions names: some Sequence<String>, programs: Bool = false, others: [Glob] = []
    ) throws(KernelError) -> KernelDescription {
        var kernel = try KernelReader.read(including: names, others: others)
        if programs { kernel.inventory.programs = LoadedPrograms.list() }
        return kernel
    }
}

/// Reads BTF (prototypes, enums) and the kernel's symbols (entry points), each once.
struct KernelReader: ~Copyable {
    private let kernel: TypeTable
    private var hooks: HookInventory
    private var dropReasons: [UInt32: String] = [:]
    private var resetReasons: [UInt32: String] = [:]

    static func read(including names: some Sequence<String>, others: [Glob]) throws(KernelError) -> KernelDescription {
        let file = try SymbolFile()
        var reader = try KernelReader(others)
        let showsAddresses = file.showsAddresses()
        // kernel.kptr_restrict=2 hides addresses in /proc/kallsyms from everybody; a process without CAP_SYSLOG must
        // not see them.
        let mayKnow = showsAddresses || CapabilitySet.symbols.missing(from: .current()).isEmpty
        let entries = mayKnow ? EntrySymbols(reader.kernel) : nil
        // If the kernel has to print all symbols, it does so while its types are read.
        var reading = entries == nil ? SymbolReading(file) : nil
        reader.scan()
        // Functions without type information count, too: the catalog may know their arguments.
        for name in names where reader.hooks.functions[name] == nil {
            reader.hooks.functions[name] = KernelFunction(name: name)
        }
        let symbols: KernelSymbols
        if !showsAddresses, let table = entries?.wholeTable() {
            reader.addAddresses(from: table)
            symbols = KernelSymbols(table, readAgain: file.read)
        } else if let table = entries?.table(of: reader.hooks.functions.keys) {
            reader.addAddresses(from: table)
            symbols = KernelSymbols(file)
        } else {
            let table = try (reading.take() ?? SymbolReading(file)).end()
            reader.addAddresses(from: table)
            symbols = KernelSymbols(table, readAgain: file.read)
        }
        let inventory = KernelInventory(
            functions: reader.hooks.functions, tracepoints: reader.hooks.tracepoints,
            categories: TraceFS.tracepointCategories())
        return KernelDescription(
            inventory: inventory, dropReasons: reader.dropReasons, resetReasons: reader.resetReasons, symbols: symbols,
            types: ProgramTypes(from: reader.kernel))
    }

    private init(_ others: [Glob]) throws(KernelError) {
        kernel = try TypeTable.ofKernel()
        hooks = HookInventory(others: others)
    }

    private mutating func scan() {
        hooks.add(kernel, module: nil) { record in
            guard record.kind == .enumeration else { return }
            kernel.addDropReasons(of: record, to: &dropReasons)
            kernel.addResetReasons(of: record, to: &resetReasons)
        }
        for (module, types) in TypeTable.ofModules(over: kernel) {
            hooks.add(types, module: module) { record in
                guard record.kind == .enumeration else { return }
                types.addDropReasons(of: record, to: &dropReasons)
            }
        }
    }

    private mutating func addAddresses(from symbols: SymbolTable) {
        // Looks names up by hash: 98 % of the symbols are not wanted and need no String.
        var wanted: [UInt64: String] = [:]
        wanted.reserveCapacity(hooks.functions.count)
        for name in hooks.functions.keys { wanted[fnv1a(name.utf8)] = name }
        var found: [(name: String, module: String?, address: UInt64, exact: Bool)] = []
        found.reserveCapacity(hooks.functions.count)
        for symbol in symbols.symbols {
            guard let base = symbols.baseName(of: symbol), let name = wanted[fnv1a(base)],
                base.elementsEqual(name.utf8)
            else { continue }
            let module = symbols.module(of: symbol)
            found.append((name, module.isEmpty ? nil : module, symbol.address, base.count == symbol.nameLength))
        }
        let exact = Set(found.lazy.filter(\.exact).map(\.name))
        for symbol in found where symbol.exact || !exact.contains(symbol.name) {
            guard let function = hooks.functions[symbol.name] else { continue }
            // Types and symbol must belong to the same function; without types any module is accepted.
            guard !function.hasTypes || hooks.modules[symbol.name]?.contains(symbol.module ?? "") == true else {
                continue
            }
            guard !function.addresses.contains(symbol.address) else { continue }
            if !function.hasTypes { hooks.functions[symbol.name]?.module = symbol.module }
            hooks.functions[symbol.name]?.addresses.append(symbol.address)
        }
    }
}
