import ArgumentParser
import Tracers

/// What functions return, and how long they take.
struct ReturnArguments: ParsableArguments {
    @Flag(
        help: """
            Show what each traced function returned, and the time it took: as events of their own, or, with \
            --timeline, on the line of the call.
            """)
    var ret = false

    @Flag(help: "Show each packet as a tree of function calls, with their return values and times. Implies --ret.")
    var graph = false

    var recordsReturns: Bool { ret || graph }

    /// Tracepoints are passed, not called.
    func check(_ selection: TracerSelection, in catalog: TracerCatalog) throws {
        guard recordsReturns else { return }
        let hasFunction = selection.items.contains { item in
            switch item {
            case .tracer(let id, _): catalog[id].kind == .function
            case .kernel(.tracepoints): false
            case .kernel: true
            }
        }
        guard !hasFunction else { return }
        throw ValidationError(
            "\(graph ? "--graph" : "--ret"): all of the chosen tracers are tracepoints, and these do not return; choose "
                + "functions with -t too (nettrace -v -t '?' tells which are which)")
    }
}
