public import AttachPlanning
import CLibBPF
import Glibc
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
    private let kernel: TypeInformation
    private var finder = ArgumentFinder()
    private var returns = ReturnTypeFinder()
    private var functions: [String: KernelFunction] = [:]
    /// Modules that define a function: ipip_rcv, for example, exists in ipip and in sit. "": vmlinux.
    private var modules: [String: Set<String>] = [:]
    private var tracepoints: [String: KernelTracepoint] = [:]
    private var dropReasons: [UInt32: String] = [:]
    private var resetReasons: [UInt32: String] = [:]

    static func read(including names: some Sequence<String>, others: [Glob]) throws(KernelError) -> KernelDescription {
        let file = try SymbolFile()
        var reader = try KernelReader()
        let showsAddresses = file.showsAddresses()
        // kernel.kptr_restrict=2 hides addresses in /proc/kallsyms from everybody; a process without CAP_SYSLOG must
        // not see them.
        let mayKnow = showsAddresses || CapabilitySet.symbols.missing(from: .current()).isEmpty
        let entries = mayKnow ? EntrySymbols(reader.kernel) : nil
        // If the kernel has to print all symbols, it does so while its types are read.
        var reading = entries == nil ? SymbolReading(file) : nil
        reader.scan(others)
        // Functions without type information count, too: the catalog may know their arguments.
        for name in names where reader.functions[name] == nil {
            reader.functions[name] = KernelFunction(name: name)
        }
        let symbols: KernelSymbols
        if !showsAddresses, let table = entries?.wholeTable() {
            reader.addAddresses(from: table)
            symbols = KernelSymbols(table, readAgain: file.read)
        } else if let table = entries?.table(of: reader.functions.keys) {
            reader.addAddresses(from: table)
            symbols = KernelSymbols(file)
        } else {
            let table = try (reading.take() ?? SymbolReading(file)).end()
            reader.addAddresses(from: table)
            symbols = KernelSymbols(table, readAgain: file.read)
        }
        let inventory = KernelInventory(
            functions: reader.functions, tracepoints: reader.tracepoints, categories: TraceFS.tracepointCategories())
        return KernelDescription(
            inventory: inventory, dropReasons: reader.dropReasons, resetReasons: reader.resetReasons, symbols: symbols,
            types: ProgramTypes(from: reader.kernel))
    }

    private init() throws(KernelError) {
        kernel = try TypeInformation()
    }

    private mutating func scan(_ others: [Glob]) {
        for id in 1..<kernel.count {
            Self.inspect(
                id, in: kernel, module: nil, others, &finder, &returns, &functions, &modules, &tracepoints, &dropReasons
            )
            kernel.addResetReasons(of: id, to: &resetReasons)
        }
        for module in directoryEntries("/sys/kernel/btf") where module != "vmlinux" {
            guard let types = TypeInformation(module: module, base: kernel) else { continue }
            finder.forget(from: types.firstID)
            returns.forget(from: types.firstID)
            for id in types.firstID..<types.count {
                Self.inspect(
                    id, in: types, module: module, others, &finder, &returns, &functions, &modules, &tracepoints,
                    &dropReasons)
            }
        }
    }

    /// Static, with everything that it changes as a parameter, because `kernel` is borrowed meanwhile.
    private static func inspect(
        _ id: UInt32, in types: borrowing TypeInformation, module: String?, _ others: [Glob],
        _ finder: inout ArgumentFinder, _ returns: inout ReturnTypeFinder, _ functions: inout [String: KernelFunction],
        _ modules: inout [String: Set<String>],
        _ tracepoints: inout [String: KernelTracepoint], _ dropReasons: inout [UInt32: String]
    ) {
        guard let type = types.type(id) else { return }
        switch types.kind(type) {
        case .function:
            guard let prototype = types.prototype(type.pointee.type) else { return }
            let arguments = finder.arguments(of: prototype, in: types)
            guard let name = types.name(type.pointee.name_off),
                arguments.isTraceable || others.contains(where: { $0.matches(String(cString: name)) })
            else { return }
            let function = KernelFunction(
                name: String(cString: name), module: module, arguments: arguments,
                returns: returns.type(returnedBy: prototype, in: types))
            modules[function.name, default: []].insert(module ?? "")
            add(function, to: &functions)
        case .typedef:
            // include/trace/bpf_probe.h: typedef void (*btf_trace_NAME)(void *__data, …)
            guard let name = types.name(type.pointee.name_off), strncmp(name, "btf_trace_", 10) == 0,
                let (_, pointer) = types.resolve(type.pointee.type), types.kind(pointer) == .pointer,
                let (_, prototype) = types.resolve(pointer.pointee.type),
                types.kind(prototype) == .prototype
            else { return }
            let arguments = finder.arguments(of: prototype, in: types, skipping: 1)
            let short = String(cString: name + 10)
            guard arguments.isTraceable || FrameLoss(rawValue: short) != nil else { return }
            tracepoints[short] = KernelTracepoint(name: short, module: module, arguments: arguments)
        case .enumeration:
            types.addDropReasons(of: type, to: &dropReasons)
        default:
            return
        }
    }

    /// Static functions of one name may have different prototypes; then no argument position can be trusted.
    private static func add(_ function: KernelFunction, to functions: inout [String: KernelFunction]) {
        guard let known = functions[function.name] else {
            functions[function.name] = function
            return
        }
        if known.returns != function.returns { functions[function.name]?.returns = .unknown }
        guard known.arguments != function.arguments else { return }
        functions[function.name]?.arguments = nil
    }

    private mutating func addAddresses(from symbols: SymbolTable) {
        // Looks names up by hash: 98 % of the symbols are not wanted and need no String.
        var wanted: [UInt64: String] = [:]
        wanted.reserveCapacity(functions.count)
        for name in functions.keys { wanted[fnv1a(name.utf8)] = name }
        var found: [(name: String, module: String?, address: UInt64, exact: Bool)] = []
        found.reserveCapacity(functions.count)
        for symbol in symbols.symbols {
            guard let base = symbols.baseName(of: symbol), let name = wanted[fnv1a(base)],
                base.elementsEqual(name.utf8)
            else { continue }
            let module = symbols.module(of: symbol)
            found.append((name, module.isEmpty ? nil : module, symbol.address, base.count == symbol.nameLength))
        }
        let exact = Set(found.lazy.filter(\.exact).map(\.name))
        for symbol in found where symbol.exact || !exact.contains(symbol.name) {
            guard let function = functions[symbol.name] else { continue }
            // Types and symbol must belong to the same function; without types any module is accepted.
            guard !function.hasTypes || modules[symbol.name]?.contains(symbol.module ?? "") == true else { continue }
            guard !function.addresses.contains(symbol.address) else { continue }
            if !function.hasTypes { functions[symbol.name]?.module = symbol.module }
            functions[symbol.name]?.addresses.append(symbol.address)
        }
    }
}
