import BPFCode
import CodeInterpreter
import DCompiler
import DLanguage
import DRuntime
import Text

/// A D program that runs in the model of a kernel.
struct Trial {
    var kernel = ModelKernel(cpus: 2)
    let typed: TypedProgram
    let compiled: CompiledProgram
    private let descriptors: [String: Int32]
    private var presenter: Presenter<NumericAddresses>

    /// BEGIN, END, ERROR and clocks have no need of a kernel's types.
    init(
        _ text: String, options: [(name: String, value: String?)] = [("quiet", nil)],
        types: TypeStore = TypeStore(kernel: nil)
    ) throws {
        typed = try DProgram.check(
            sources: [SourceText(name: "test", text: text)], options: options, types: types)
        var probes = KernelProbes(typed.types, .init(hasKprobes: false))
        var enablings: [DCompiler.Enabling] = []
        for (index, clause) in typed.clauses.enumerated() {
            for probe in clause.probes.flatMap({ probes.find($0) }) {
                if let place = enablings.firstIndex(where: { $0.probe == probe }) {
                    enablings[place].clauses.append(index)
                } else {
                    enablings.append(.init(probe, clauses: [index]))
                }
            }
        }
        compiled = try DCompiler.compile(typed, enablings)
        descriptors = kernel.create(compiled.maps)
        presenter = Presenter(compiled, typed, NumericAddresses())
        kernel.set(MapNames.state, to: ProgramState.bytes(.open, wallClockOffset: 0))
    }

    /// Fires a probe with these arguments, and returns what it prints.
    mutating func fire(_ name: String, _ arguments: [UInt64] = []) throws -> String {
        guard let probe = compiled.probes.first(where: { $0.probe.name == name }) else { return "no such probe" }
        let context: UInt64 = 0x9000_0000
        kernel.memory.remove(at: context)
        kernel.memory.add(arguments.flatMap { word in withUnsafeBytes(of: word) { Array($0) } }, at: context, .readOnly)
        _ = try Interpreter(probe.code.encoded(maps: descriptors)).run(&kernel, context: context)
        let counts = Counts(kernel: kernel)
        var buffer = ByteBuffer()
        for record in kernel.takeOutput() {
            record.withUnsafeBytes { presenter.present($0, counts, to: &buffer) }
        }
        for case .restart(_, let epoch) in presenter.takeRequests().map(\.kind) {
            kernel.set(MapNames.epochs, to: withUnsafeBytes(of: epoch) { Array($0) })
        }
        return buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The output of the end of the run.
    mutating func end() -> String {
        var buffer = ByteBuffer()
        presenter.presentEnd(Counts(kernel: kernel), to: &buffer)
        return buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    var exitCode: Int32? { presenter.exitCode }
    mutating func errors() -> [ClauseError] { presenter.takeErrors() }
}

/// Aggregations of a model.
private struct Counts: AggregationSource {
    let kernel: ModelKernel

    func forEachState(of map: String, _ body: (UnsafeRawBufferPointer, [Int64]) -> Void) {
        for (key, copies) in kernel.contents(ofMap: map) {
            for copy in copies {
                let state = copy.withUnsafeBytes { bytes in
                    (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self) }
                }
                key.withUnsafeBytes { body($0, state) }
            }
        }
    }
}
