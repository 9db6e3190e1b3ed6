import ArgumentParser
import Tracers

/// Options for return values of functions and their duration.
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

    /// Requires a function among the tracers: tracepoints do not return.
    func check(_ selection: TracerSelection, in catalog: TracerCatalog) throws {
        guard recordsReturns else { return }
        let hasFunction = selection.items.contains { item in
            switch item {
            case .tracer(let id, _): catalog[id].kind == .function
            case .kernel(.tracepoints): false
            case .kernel, .under: true
            }
        }
        guard !hasFunction else { return }
        throw ValidationError(
            "\(graph ? "--graph" : "--ret"): all of the chosen tracers are tracepoints, and these do not return; choose "
                + "functions with -t too (nettrace -v -t '?' marks them)")
    }
}
