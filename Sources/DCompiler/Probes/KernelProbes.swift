public import DLanguage

/// The probes of a kernel. Those of tracepoints and functions are read when a description first needs them.
public struct KernelProbes {
    /// A function that can be probed.
    public struct Function: Hashable, Sendable {
        /// `vmlinux`, or the name of a module.
        public var module: String
        public var name: String

        public init(module: String, name: String) {
            self.module = module
            self.name = name
        }
    }

    /// Facts of the kernel that decide which probes there are.
    public struct Machine {
        /// Whether functions can be probed.
        public var hasKprobes: Bool
        /// Category by name of the tracepoint, as far as tracefs shows them.
        public var tracepoints: () -> [String: String]
        /// Functions that can be probed, each once.
        public var functions: () -> [Function]

        public init(
            hasKprobes: Bool, tracepoints: @escaping () -> [String: String] = { [:] },
            functions: @escaping () -> [Function] = { [] }
        ) {
            self.hasKprobes = hasKprobes
            self.tracepoints = tracepoints
            self.functions = functions
        }
    }

    let machine: Machine
    private let types: TypeStore
    /// dtrace, ip, tcp, udp.
    private let fixed: [Probe]
    private var clocks: [Probe] = []
    private var tracepoints: [Probe]?
    private var functions: FunctionProbes?

    public init(_ types: TypeStore, _ machine: Machine) {
        self.types = types
        self.machine = machine
        let own = [
            Probe("dtrace", name: "BEGIN", site: .begin), Probe("dtrace", name: "END", site: .end),
            Probe("dtrace", name: "ERROR", site: .error),
        ]
        fixed = Self.numbered(own + NetworkProbes(types, machine).probes, from: ProbeNumbers.dtraceAndNetwork)
    }

    private static func numbered(_ probes: [Probe], from first: Int) -> [Probe] {
        probes.enumerated().map { index, probe in
            var probe = probe
            probe.number = first + index
            return probe
        }
    }

    /// Those of tracepoints.
    private mutating func loadedTracepoints() -> [Probe] {
        if let tracepoints { return tracepoints }
        let found = Self.numbered(
            TracepointProbes(types, machine.tracepoints()).probes, from: ProbeNumbers.tracepoints)
        tracepoints = found
        return found
    }

    private mutating func loadedFunctions() -> FunctionProbes {
        if let functions { return functions }
        let found = FunctionProbes(machine.hasKprobes ? machine.functions() : [])
        functions = found
        return found
    }

    /// The probes that a description matches; clocks come into being when they are asked for.
    public mutating func find(_ description: ProbeDescription) -> [Probe] {
        if let identifier = description.identifier { return find(number: identifier) }
        if let clock = ClockProbes.probe(description), !clocks.contains(where: { $0.title == clock.title }) {
            clocks += Self.numbered([clock], from: ProbeNumbers.clocks + clocks.count)
        }
        let wanted = ProbeMatch(description)
        var found = (fixed + clocks).filter { wanted.matches($0) }
        // A name that D itself gives needs no search among all names of the kernel.
        if description.provider.isEmpty, !found.isEmpty, description.function.isEmpty, description.module.isEmpty,
            found.allSatisfy({ ["dtrace", "profile"].contains($0.provider) }), !wanted.isPattern
        {
            return found
        }
        let calls = ["entry", "return"].filter { wanted.name.matches($0) }
        if wanted.provider.matches("syscall"), !calls.isEmpty {
            found += SystemCallProbes.all.filter { wanted.matches($0) }
        }
        if wanted.provider.matches("sdt") { found += loadedTracepoints().filter { wanted.matches($0) } }
        if wanted.provider.matches("fbt"), !calls.isEmpty {
            found += loadedFunctions().find(
                where: { wanted.module.matches($0) && wanted.function.matches($1) }, calls)
        }
        return found
    }

    private mutating func find(number: Int) -> [Probe] {
        let known = fixed + clocks + SystemCallProbes.all
        if let probe = known.first(where: { $0.number == number }) { return [probe] }
        if number >= ProbeNumbers.functions { return loadedFunctions().probe(numbered: number).map { [$0] } ?? [] }
        return loadedTracepoints().filter { $0.number == number }
    }

    /// All probes, in the order of their numbers; clocks have no end, and are not among them.
    public mutating func all() -> [Probe] { find(ProbeDescription(provider: "*")).sorted { $0.number < $1.number } }
}

/// A description whose patterns are read once.
struct ProbeMatch {
    let provider, module, function, name: Part
    let isPattern: Bool

    struct Part {
        /// Nil: any.
        private let pattern: ProbePattern?

        init(_ text: String) { pattern = text.isEmpty || text == "*" ? nil : ProbePattern(text) }

        func matches(_ text: String) -> Bool { pattern?.matches(text) ?? true }
    }

    init(_ description: ProbeDescription) {
        provider = Part(description.provider)
        module = Part(description.module)
        function = Part(description.function)
        name = Part(description.name)
        isPattern = description.name.isEmpty || description.name.contains { "*?[".contains($0) }
    }

    func matches(_ probe: Probe) -> Bool {
        provider.matches(probe.provider) && module.matches(probe.module) && function.matches(probe.function)
            && name.matches(probe.name)
    }
}
