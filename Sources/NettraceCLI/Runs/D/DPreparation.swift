import DCompiler
import DLanguage
import KernelAccess
import KernelTypes

/// An error of a D program, with its place, as it is printed.
struct DProblem: Error {
    let description: String

    init(description: String) { self.description = description }

    init(_ diagnostic: Diagnostic, _ program: TypedProgram) {
        description = diagnostic.text(program.sources)
    }
}

/// A D program that is checked against this kernel's types and probes, and compiled.
struct DPreparation {
    let typed: TypedProgram
    let compiled: CompiledProgram
    /// For each source of the command line: how many pairs of clause and probe it has.
    let matches: [Int]

    /// The types and probes of the running kernel.
    static func kernel() throws -> (types: TypeStore, probes: KernelProbes) {
        let types = TypeStore(kernel: try TypeTable.ofKernel())
        let machine = KernelProbes.Machine(
            hasKprobes: KernelFacts.hasKprobes, tracepoints: KernelFacts.tracepointCategories())
        return (types, KernelProbes(types, machine))
    }

    /// Throws a problem with its place in the program.
    static func check(_ request: DRequest, _ types: TypeStore) throws -> TypedProgram {
        do {
            return try DProgram.check(
                sources: request.sources, arguments: request.macros, options: request.options, types: types)
        } catch {
            throw DProblem(description: error.description)
        }
    }

    init(_ request: DRequest) throws {
        let cpus = try KernelFacts.possibleCPUs()
        let (types, kernelProbes) = try Self.kernel()
        var probes = kernelProbes
        typed = try Self.check(request, types)
        var enablings: [DCompiler.Enabling] = []
        var matches = [Int](repeating: 0, count: request.sources.count)
        do throws(Diagnostic) {
            for (index, clause) in typed.clauses.enumerated() {
                for description in clause.probes {
                    let found = probes.find(description)
                    if found.isEmpty, !typed.options.zdefs {
                        throw probes.refusal(of: description)
                    }
                    for probe in found {
                        Self.add(index, probe, clause, typed, &enablings)
                    }
                    // The libraries come first.
                    let source = Int(clause.position.source) - typed.sources.count + request.sources.count
                    if matches.indices.contains(source) { matches[source] += found.count }
                }
            }
            enablings.sort { $0.probe.number < $1.probe.number }
            compiled = try DCompiler.compile(typed, enablings, cpus: cpus)
        } catch {
            throw DProblem(error, typed)
        }
        self.matches = matches
    }

    private static func add(
        _ index: Int, _ probe: Probe, _ clause: TypedClause, _ typed: TypedProgram,
        _ enablings: inout [DCompiler.Enabling]
    ) {
        guard let place = enablings.firstIndex(where: { $0.probe.number == probe.number }) else {
            return enablings.append(DCompiler.Enabling(probe, clauses: [index]))
        }
        // A clause whose descriptions match a probe twice runs once.
        guard !enablings[place].clauses.contains(where: { typed.clauses[$0].number == clause.number }) else { return }
        enablings[place].clauses.append(index)
    }
}
