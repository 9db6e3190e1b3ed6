import ArgumentParser
import AttachPlanning
import Tracers

/// Options for callers: return addresses and call stacks.
struct StackArguments: ParsableArguments {
    @Flag(help: "Show by whom each traced function was called.")
    var caller = false

    @Flag(help: "Show the call stack of each event; one that repeats is shown once and then by its number.")
    var stack = false

    @Option(help: .init("Show call stacks only at these tracers (grammar of -t).", valueName: "tracers"))
    var stackTracer: [String] = []

    @Flag(help: "Write out every call stack, also those that repeat.")
    var stackFull = false

    @Flag(help: "Allow call stacks at all tracers at once, in spite of the cost.")
    var forceStack = false

    var wantsStacks: Bool { stack || stackFull || !stackTracer.isEmpty }

    /// Tracers whose events carry stacks; nil: all traced ones.
    func tracers(in catalog: TracerCatalog, selectsAll: Bool) throws -> Set<String>? {
        guard stackTracer.isEmpty else {
            do {
                let selection = try TracerSelection(wanted: stackTracer, from: catalog)
                return Set(
                    selection.tracers.map { catalog[$0].name }
                        + stackTracer.flatMap { $0.split(separator: ",") }.map {
                            String($0.hasPrefix("+") ? $0.dropFirst() : $0)
                        })
            } catch {
                throw ValidationError("--stack-tracer: \(error)")
            }
        }
        guard !selectsAll || forceStack else {
            throw ValidationError(
                "--stack for all tracers costs a walk of the stack at each of them; choose some with -t or "
                    + "--stack-tracer, or insist with --force-stack")
        }
        return nil
    }
}
