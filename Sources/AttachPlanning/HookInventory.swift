public import KernelTypes
public import Tracers

/// Collects the functions and tracepoints that may be hooks, from the prototypes of a kernel's tables of types.
public struct HookInventory {
    public var functions: [String: KernelFunction] = [:]
    public private(set) var tracepoints: [String: KernelTracepoint] = [:]
    /// Modules that define a function: ipip_rcv, for example, exists in ipip and in sit. "": vmlinux.
    public private(set) var modules: [String: Set<String>] = [:]
    /// Functions to include although they lead to no packet or socket.
    private let others: [Glob]
    private var finder = ArgumentFinder()
    private var returns = ReturnTypeFinder()

    public init(others: [Glob] = []) { self.others = others }

    /// Adds the hooks of a table. `alsoInspect` sees each of its types, so that other readers need no pass of their own.
    public mutating func add(
        _ types: TypeTable, module: String?, alsoInspect: (TypeRecord) -> Void = { _ in }
    ) {
        // Numbers above vmlinux's stand for other types in each module.
        finder.forget(from: types.first)
        returns.forget(from: types.first)
        for number in types.ids {
            guard let record = types.record(TypeID(number)) else { continue }
            inspect(record, of: types, module)
            alsoInspect(record)
        }
    }

    private mutating func inspect(_ record: TypeRecord, of types: TypeTable, _ module: String?) {
        if let prototype = types.functionPrototype(record) {
            let arguments = finder.arguments(of: prototype, in: types)
            guard arguments.isTraceable || !others.isEmpty else { return }
            let name = types.name(record.name)
            guard arguments.isTraceable || others.contains(where: { $0.matches(name) }) else { return }
            modules[name, default: []].insert(module ?? "")
            add(
                KernelFunction(
                    name: name, module: module, arguments: arguments,
                    returns: returns.type(returnedBy: prototype, in: types)))
        } else if let (_, prototype) = types.tracepointPrototype(record) {
            let arguments = finder.arguments(of: prototype, in: types, skipping: 1)
            let name = types.tracepointName(record)
            guard arguments.isTraceable || FrameLoss(rawValue: name) != nil else { return }
            tracepoints[name] = KernelTracepoint(name: name, module: module, arguments: arguments)
        }
    }

    /// Static functions of one name may have different prototypes; then no argument position can be trusted.
    private mutating func add(_ function: KernelFunction) {
        guard let known = functions[function.name] else {
            functions[function.name] = function
            return
        }
        if known.returns != function.returns { functions[function.name]?.returns = .unknown }
        guard known.arguments != function.arguments else { return }
        functions[function.name]?.arguments = nil
    }
}
