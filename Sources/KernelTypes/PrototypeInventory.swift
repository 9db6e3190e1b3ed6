/// The functions and tracepoints of a kernel and its loaded modules, with their prototypes.
public struct PrototypeInventory: Sendable {
    /// A function or tracepoint that has a prototype.
    public struct Entry {
        public let name: String
        /// nil: vmlinux.
        public let module: String?
        /// Where the types of the prototype are.
        public let types: TypeTable
        public let prototype: Prototype
    }

    private let tables: [(module: String?, types: TypeTable)]

    public init(kernel: TypeTable, modules: [(name: String, types: TypeTable)] = []) {
        tables = [(nil, kernel)] + modules.map { ($0.name, $0.types) }
    }

    /// The functions of this name: static ones of different files may share it, with different prototypes.
    public func functions(named name: String) -> [Entry] {
        var entries: [Entry] = []
        forEach { record, types, module in
            guard record.kind == .function, types.isName(record.name, name),
                let prototype = types.prototype(of: record.target)
            else { return }
            entries.append(Entry(name: name, module: module, types: types, prototype: prototype))
        }
        return entries
    }

    /// The parameters of a tracepoint, without the leading `__data`.
    public func tracepoint(named name: String) -> Entry? {
        let typedef = TypeTable.tracepointPrefix + name
        for (module, types) in tables {
            guard let id = types.find(.typedef, typedef), let record = types.record(id),
                let found = types.tracepointPrototype(record), var prototype = types.prototype(of: found.id)
            else { continue }
            prototype.parameters.removeFirst(min(1, prototype.parameters.count))
            return Entry(name: name, module: module, types: types, prototype: prototype)
        }
        return nil
    }

    /// All names, of functions and of tracepoints.
    public func names() -> (functions: Set<String>, tracepoints: Set<String>) {
        var functions: Set<String> = []
        var tracepoints: Set<String> = []
        forEach { record, types, _ in
            if record.kind == .function {
                functions.insert(types.name(record.name))
            } else if types.tracepointPrototype(record) != nil {
                tracepoints.insert(String(types.name(record.name).dropFirst(TypeTable.tracepointPrefix.count)))
            }
        }
        return (functions, tracepoints)
    }

    private func forEach(_ body: (TypeRecord, TypeTable, String?) -> Void) {
        for (module, types) in tables {
            for number in types.ids {
                guard let record = types.record(TypeID(number)) else { continue }
                body(record, types, module)
            }
        }
    }
}

extension TypeTable {
    /// include/trace/bpf_probe.h: typedef void (*btf_trace_NAME)(void *__data, …)
    static let tracepointPrefix = "btf_trace_"

    /// The prototype of a function's record; nil for other records.
    public func functionPrototype(_ record: TypeRecord) -> TypeRecord? {
        guard record.kind == .function, let prototype = self.record(record.target), prototype.kind == .prototype else {
            return nil
        }
        return prototype
    }

    /// The prototype of the typedef that stands for a tracepoint, `__data` included; nil for other records.
    public func tracepointPrototype(_ record: TypeRecord) -> (id: TypeID, record: TypeRecord)? {
        guard record.kind == .typedef,
            withName(record.name, { hasPrefix($0, Self.tracepointPrefix) }) == true,
            let (_, pointer) = resolve(record.target), pointer.kind == .pointer,
            let (id, prototype) = resolve(pointer.target), prototype.kind == .prototype
        else { return nil }
        return (id, prototype)
    }

    /// The name of a tracepoint's typedef without its prefix.
    public func tracepointName(_ record: TypeRecord) -> String {
        withName(record.name) { String(decoding: $0.dropFirst(Self.tracepointPrefix.utf8.count), as: UTF8.self) } ?? ""
    }
}
