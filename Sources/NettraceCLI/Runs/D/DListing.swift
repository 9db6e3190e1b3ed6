import DCompiler
import DLanguage
import Text

/// `nettrace d -l`: the probes of this kernel.
struct DListing {
    private let request: DRequest

    init(_ request: DRequest) { self.request = request }

    func print() throws {
        var (types, probes) = try DPreparation.kernel()
        let shown: [Probe]
        if request.sources.isEmpty {
            shown = probes.all()
        } else {
            let typed = try DPreparation.check(request, types)
            types = typed.types
            var wanted: [Int: Probe] = [:]
            for description in typed.clauses.flatMap(\.probes) {
                let found = probes.find(description)
                if found.isEmpty, !request.acceptsNone {
                    throw DProblem(probes.refusal(of: description), typed, request)
                }
                for probe in found { wanted[probe.number] = probe }
            }
            shown = wanted.values.sorted { $0.number < $1.number }
        }
        write(shown, types)
    }

    private func write(_ probes: [Probe], _ types: TypeStore) {
        var sink = OutputSink.standardOutput
        sink.write("   ID   PROVIDER            MODULE                          FUNCTION NAME\n")
        let known = KnownProbes(types: types)
        for probe in probes {
            func padded(_ text: String, _ width: Int) -> String {
                String(repeating: " ", count: max(0, width - text.utf8.count)) + text
            }
            sink.write(
                "\(padded(String(probe.number), 5)) \(padded(probe.provider, 10)) \(padded(probe.module, 17)) "
                    + "\(padded(probe.function, 33)) \(probe.name)\n")
            guard request.verbose else { continue }
            if let approximation = probe.approximation { sink.write("\n    approximate: \(approximation)\n") }
            let description = ProbeDescription(
                provider: probe.provider, module: probe.module, function: probe.function, name: probe.name)
            let arguments = known.signature(of: description)?.arguments ?? []
            sink.write(arguments.isEmpty ? "\n    Argument Types\n        None\n\n" : "\n    Argument Types\n")
            for (index, argument) in arguments.enumerated() {
                let type = argument.translated.map { $0 + " *" } ?? types.spelling(of: argument.type)
                sink.write("        args[\(index)]: \(type)\n")
            }
            if !arguments.isEmpty { sink.write("\n") }
        }
    }
}
