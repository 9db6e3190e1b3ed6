import DCompiler
import DLanguage
import KernelAccess
import KernelTypes

/// An error of a D program, with its place, as it is printed.
struct DProblem: Error {
    let description: String

    init(description: String) { self.description = description }

    init(_ diagnostic: Diagnostic, _ program: TypedProgram, _ request: DRequest) {
        description = diagnostic.text(program.sources, showsTag: request.showsTags)
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
            hasKprobes: KernelFacts.hasKprobes, tracepoints: { KernelFacts.tracepointCategories() },
            functions: { KernelFacts.probedFunctions().map { KernelProbes.Function(module: $0.module, name: $0.name) } }
        )
        return (types, KernelProbes(types, machine))
    }

    /// Throws a problem with its place in the program.
    static func check(_ request: DRequest, _ types: TypeStore) throws -> TypedProgram {
        do {
            return try DProgram.check(
                sources: request.sources, arguments: request.macros, options: request.options, types: types,
                libraries: request.libraries)
        } catch {
            throw DProblem(description: error.diagnostic.text(error.sources, showsTag: request.showsTags))
        }
    }

    init(_ request: DRequest) throws {
        let cpus = try KernelFacts.possibleCPUs()
        let (types, kernelProbes) = try Self.kernel()
        var probes = kernelProbes
        typed = try Self.check(request, types)
        var enablings = EnabledProbes()
        var matches = [Int](repeating: 0, count: request.sources.count)
        do throws(Diagnostic) {
            for (index, clause) in typed.clauses.enumerated() {
                for description in clause.probes {
                    let found = probes.find(description)
                    if found.isEmpty, !typed.options.zdefs {
                        throw probes.refusal(of: description)
                    }
                    for probe in found { enablings.add(index, probe, typed) }
                    // The libraries come first.
                    let source = Int(clause.position.source) - typed.sources.count + request.sources.count
                    if matches.indices.contains(source) { matches[source] += found.count }
                }
            }
            compiled = try DCompiler.compile(
                typed, try enablings.all(typed.options), cpus: cpus,
                symbols: { KernelFacts.address(ofSymbol: $1, module: $0) })
        } catch {
            throw DProblem(error, typed, request)
        }
        self.matches = matches
    }
}

/// The clauses of each probe that the program names.
struct EnabledProbes {
    private var clauses: [Int: DCompiler.Enabling] = [:]

    mutating func add(_ index: Int, _ probe: Probe, _ typed: TypedProgram) {
        let known = clauses[probe.number]?.clauses ?? []
        // A clause whose descriptions match a probe twice runs once.
        guard !known.contains(where: { typed.clauses[$0].number == typed.clauses[index].number }) else { return }
        clauses[probe.number, default: DCompiler.Enabling(probe, clauses: [])].clauses.append(index)
    }

    /// In the order of the probes' numbers; those that can share a program do.
    func all(_ options: ProgramOptions) throws(Diagnostic) -> [DCompiler.Enabling] {
        let sorted = clauses.values.sorted { $0.probe.number < $1.probe.number }
        let functions = sorted.count { if case .function = $0.probe.site { true } else { false } }
        let canShare = functions > 1 && KernelFacts.functionsHaveCookies
        let isQuick = functions <= Self.quickFunctions || KernelFacts.hasManyFunctions
        guard functions <= options.maxprobes ?? (isQuick ? Int.max : Self.quickFunctions) else {
            throw Diagnostic(
                "the program probes \(functions) functions, "
                    + (options.maxprobes == nil
                        ? "and this kernel attaches them one by one, ten a second"
                        : "and the limit is \(options.maxprobes!)"),
                at: .none, advice: "name fewer of them, or allow more with -x maxprobes=\(functions)", tag: .noProbe)
        }
        return DCompiler.Enabling.shared(sorted, functions: canShare)
    }

    /// So many functions are attached one by one without asking.
    private static let quickFunctions = 200
}
