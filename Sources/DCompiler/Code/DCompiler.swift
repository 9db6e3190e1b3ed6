import BPFCode
public import DLanguage

/// D programs → programs of the kernel.
public enum DCompiler {
    /// A probe, and the clauses that its firing runs, as indices into `TypedProgram.clauses`, in order.
    public struct Enabling: Sendable {
        public var probe: Probe
        public var clauses: [Int]
        /// Further probes that run the same clauses, and differ in their numbers and functions only.
        public var others: [Probe] = []

        public init(_ probe: Probe, clauses: [Int]) {
            self.probe = probe
            self.clauses = clauses
        }

        /// Probes of the same shape with the same clauses as one enabling.
        ///
        /// - Parameter functions: whether a program can find out at which function it runs (Linux 5.15).
        public static func shared(_ enablings: [Enabling], functions: Bool) -> [Enabling] {
            struct Likeness: Hashable {
                var shape: ProbeShape
                var module: String
                var clauses: [Int]
            }
            var places: [Likeness: Int] = [:]
            var result: [Enabling] = []
            for enabling in enablings {
                guard let shape = enabling.probe.site.shape,
                    functions || shape == .systemCallEntry || shape == .systemCallReturn
                else {
                    result.append(enabling)
                    continue
                }
                let likeness = Likeness(shape: shape, module: enabling.probe.module, clauses: enabling.clauses)
                if let place = places[likeness] {
                    result[place].others.append(enabling.probe)
                } else {
                    places[likeness] = result.count
                    result.append(enabling)
                }
            }
            return result
        }
    }

    /// Throws if something of the program is not available.
    ///
    /// - Parameters:
    ///   - cpus: number of possible CPUs, each of which has its own copy of an aggregation.
    ///   - symbols: addresses of the kernel's variables.
    public static func compile(
        _ typed: TypedProgram, _ enablings: [Enabling], cpus: Int = 1,
        symbols: @escaping (_ module: String?, _ name: String) -> UInt64? = { _, _ in nil }
    ) throws(Diagnostic) -> CompiledProgram {
        let context = ProgramContext(typed, symbols: symbols)
        var program = CompiledProgram()
        for (number, enabling) in enablings.enumerated() {
            let clauses = enabling.clauses.map { (index: $0, clause: typed.clauses[$0]) }
            program.probes.append(
                try ProbeCompiler.compile([enabling.probe] + enabling.others, clauses, number: number, context))
        }
        program.addMembers()
        program.texts = context.texts
        program.aggregations = typed.aggregations.indices.map { index in
            CompiledAggregation(
                map: MapNames.aggregation(index), keys: context.aggregationKeys[index],
                isKeyless: context.aggregationKeys[index].isEmpty)
        }
        program.maps += context.maps(
            used: program.probes.reduce(into: []) { $0.formUnion($1.code.maps) }, programs: program.probes.count,
            cpus: cpus)
        return program
    }
}

extension CompiledProgram {
    /// The maps by which programs with several members know which of them fires.
    fileprivate mutating func addMembers() {
        for (number, probe) in probes.enumerated() where probe.members.count > 1 {
            let used = probe.code.maps
            if used.contains(MapNames.calls(number)) {
                let map = Map(MapNames.calls(number), .array, valueSize: 8, entries: SystemCallProbes.end)
                maps.append(map)
                for (index, member) in probe.members.enumerated() {
                    guard case .systemCall(let call, _) = member.site else { continue }
                    let value = withUnsafeBytes(of: UInt64(index + 1)) { Array($0) }
                    contents.append((map.name, UInt32(call), value))
                }
            }
            guard used.contains(MapNames.members(number)) else { continue }
            let map = Map(
                MapNames.members(number), .array, valueSize: MemberEntry.size, entries: probe.members.count)
            maps.append(map)
            for (index, member) in probe.members.enumerated() {
                contents.append((map.name, UInt32(index), MemberEntry.bytes(member)))
            }
        }
    }
}
