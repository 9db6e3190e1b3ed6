import BPFCode
import CLibBPF
import Glibc
import KernelTypes
import SystemPackage

/// Entry points of functions from the kernel's own iterator over its symbols (Linux 6.0). Several times faster than
/// /proc/kallsyms, which formats all symbols as text.
struct EntrySymbols {
    private let layout: EntrySymbolProgram.Layout
    /// BTF id of the function that identifies the iterator.
    private let target: UInt32

    /// Returns nil if the kernel has no such iterator.
    init?(_ types: TypeTable) {
        guard let target = types.find(.function, "bpf_iter_ksym"), let symbol = types.find(.structure, "kallsym_iter")
        else { return nil }
        func offset(_ member: String) -> Int { (try? types.member(member, of: symbol)).map { $0.bitOffset / 8 } ?? -1 }
        let layout = EntrySymbolProgram.Layout(
            value: offset("value"), type: offset("type"), name: offset("name"), module: offset("module_name"))
        guard layout.isUsable else { return nil }
        self.layout = layout
        self.target = target.number
    }

    /// The named functions, and some others. Returns nil if the kernel refuses.
    func table(of names: some Collection<String>) -> SymbolTable? {
        guard names.allSatisfy({ $0.utf8.count < EntrySymbolProgram.Record.nameLength - 32 }) else { return nil }
        return table(NamePrefixes(of: names))
    }

    /// All functions, for kernels whose /proc/kallsyms hides addresses. Returns nil if the kernel refuses.
    func wholeTable() -> SymbolTable? { table(.all) }

    private func table(_ prefixes: NamePrefixes) -> SymbolTable? {
        let description = Map("nt_prefixes", .array, valueSize: prefixes.bits.count, entries: 1)
        guard let code = EntrySymbolProgram(layout: layout, prefixes: description).code(),
            let map = try? description.create()
        else { return nil }
        defer { try? map.close() }
        var key: UInt32 = 0
        guard bpf_map_update_elem(map.rawValue, &key, prefixes.bits, 0) == 0 else { return nil }
        let form = ProgramForm(type: BPF_PROG_TYPE_TRACING, attachType: BPF_TRACE_ITER, target: target)
        guard let program = try? code.load("nt_entry_symbols", as: form, maps: [description.name: map]) else {
            return nil
        }
        defer { try? program.close() }
        let link = bpf_link_create(program.rawValue, 0, BPF_TRACE_ITER, nil)
        guard link >= 0 else { return nil }
        defer { close(link) }
        let iterator = bpf_iter_create(link)
        guard iterator >= 0 else { return nil }
        let file = FileDescriptor(rawValue: iterator)
        defer { try? file.close() }
        return try? table(from: file)
    }

    private func table(from file: FileDescriptor) throws(Errno) -> SymbolTable {
        var table = SymbolTable()
        let record = EntrySymbolProgram.Record(layout)
        try forEachRecord(of: file.rawValue, length: record.length) { bytes in
            let name = bytes[record.nameStart..<record.moduleStart]
            let module = bytes[record.moduleStart...]
            guard let end = name.firstIndex(of: 0) else { return }
            table.add(
                address: bytes.baseAddress.map { UnsafeRawPointer($0).loadUnaligned(as: UInt64.self) } ?? 0,
                name: name[..<end], module: module[..<(module.firstIndex(of: 0) ?? module.endIndex)])
        }
        return table
    }
}
