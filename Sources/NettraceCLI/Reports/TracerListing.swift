import AttachPlanning
import KernelAccess
import Rendering
import Tracers
import Text

/// `-t ?`: prints the tracer tree; with -v also the state of each tracer on this kernel. Needs no privileges.
struct TracerListing {
    let catalog: TracerCatalog
    let verbose: Bool

    func print() throws {
        var sink = OutputSink.standardOutput
        var buffer = ByteBuffer()
        try tree().render(verbose: verbose, coloured: sink.wantsColour, into: &buffer)
        _ = sink.write(&buffer)
        try sink.requireWritten()
    }

    private func tree() throws -> TracerTree {
        let details = verbose ? try self.details() : nil
        return TracerTree(
            nodes: catalog.groups.flatMap { group in
                [
                    TracerTree.Node(
                        depth: group.depth, isGroup: true, name: group.name, description: group.description)
                ]
                    + group.tracers.map { id in
                        TracerTree.Node(
                            depth: group.depth + 1, isGroup: false, name: catalog[id].name,
                            description: catalog[id].description, detail: details?[id.rawValue])
                    }
            })
    }

    private func details() throws -> [TracerTree.Detail] {
        let kernel = try KernelDescription.read(
            functions: catalog.tracers.lazy.flatMap(\.kernelNames), programs: true)
        let capabilities = FeatureProbe.capabilities()
        let isKnown = Privileges.current().suffice
        return catalog.tracers.map { tracer in
            let found = catalog.availability(of: tracer, inventory: kernel.inventory, capabilities: capabilities)
            switch found {
            case .available(let hook):
                return .init(
                    kind: tracer.kind.rawValue, kernelName: hook.kernelName,
                    availability: isKnown ? .available(method: hook.method.rawValue) : .unknown)
            case .missing(let reason):
                return .init(
                    kind: tracer.kind.rawValue, kernelName: tracer.kernelNames[0],
                    availability: .missing(reason: "\(reason)"))
            }
        }
    }
}
