import Analysis
import Diagnosis
import Events
import Pipeline
import Recording
import Rendering
import SystemPackage
import Testing

@testable import NettraceCLI
import Text
import Tracers

/// All forms of output report the same ending of a packet, and the diagnosis judges by the same rules.
@Suite struct EndingsAgreeTests {
    private static let recordings = ["calls", "cut-off", "guest-6.1", "guest-7.2", "loopback", "sockets", "stack"]
    private static let kinds = ["delivered", "transmitted", "dropped", "consumed", "unfinished", "evicted", "ended"]

    @Test(arguments: recordings)
    func everyFormTellsTheSameEnd(_ name: String) throws {
        let recording = try ReadRecording(name)
        let names = recording.names
        let timeline = Self.textEndings(recording.show(TimelineRenderer(names: names)))
        #expect(!timeline.isEmpty || name == "sockets")
        #expect(Self.textEndings(recording.show(GraphRenderer(names: names))) == timeline)
        for nested in [false, true] {
            let json = recording.show(TimelineJSONRenderer(names: names, nested: nested))
            #expect(Self.jsonEndings(json) == timeline)
        }
    }

    /// A verdict belongs to a drop that the ending reports, or to a packet that was taken and not answered.
    @Test(arguments: recordings)
    func aVerdictIsOnADropThatIsTold(_ name: String) throws {
        let recording = try ReadRecording(name)
        let blocks = recording.show(
            TimelineRenderer(names: recording.names), diagnosis: try recording.diagnosis()
        ).split(separator: "\n\n")
        for block in blocks where block.contains("\n! ") && !block.contains("taken in, and no word of it since") {
            let ending = block.split(separator: "\n").first { $0.hasPrefix("= ") } ?? ""
            #expect(ending.contains("dropped"), "\(block)")
        }
    }

    /// The kind of each ending, with the share of dropped copies.
    private static func textEndings(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("= ") }.map { line in
            kinds.first { line.dropFirst(2).hasPrefix($0) } ?? String(line)
        }
    }

    private static func jsonEndings(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.contains("\"type\":\"context\"") }.map { line in
            kinds.first { line.contains("\"end\":{\"how\":\"\($0)\"") } ?? String(line)
        }
    }
}

/// A recording of Tests/Golden, read completely.
private struct ReadRecording {
    let names: NameTable
    private let hooks: [HookFacts]
    private let life: SkbLife
    private var records: [[UInt8]] = []

    init(_ name: String) throws {
        let folder = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Golden")
        var reader = try RecordingReader(RecordingFile.open(folder.appending(name + ".ntr")))
        let recorded = RecordedNames()
        let catalog = try TracerCatalog.embedded()
        hooks = reader.header.hooks.map { $0.facts(by: catalog) }
        life = catalog.life
        names = NameTable(
            hooks: reader.header.hooks.map { .init(tracer: $0.tracer, module: $0.group) },
            dropReasons: reader.header.dropReasons, symbolize: { recorded.symbols[$0] })
        do throws(RecordingError) {
            while let item = try reader.next() {
                switch item {
                case .record(let bytes): records.append(bytes.withUnsafeBytes { Array($0) })
                case .symbols(let more): recorded.add(more)
                default: break
                }
            }
        } catch {
            #expect(name == "cut-off", "\(error)")
        }
    }

    func diagnosis() throws -> ContextDiagnosis {
        let names = names
        let causes = try CauseCatalog.embedded()
        let collector = EvidenceCollector(
            hooks: hooks, dropReasons: names.dropReasonNames, symbolize: { names.symbol(at: $0) },
            describeReturn: { hook, value in names.describeReturn(value, of: hook) })
        return ContextDiagnosis(
            Diagnostician(causes: causes, collector: collector), judge: Judge(causes: causes), desk: nil,
            unasked: { why in { _, _ in CulpritFinding(.unknown(because: why)) } }, onlyFindings: false,
            endsWithFinding: false)
    }

    func show(_ renderer: some ContextRenderer, diagnosis: ContextDiagnosis? = nil) -> String {
        var stream = ContextStream(
            renderer, releases: FragmentReleaseTable(life, symbolize: names.symbol).release,
            rules: EndingRules(hooks: hooks, dropReasons: names.dropReasonNames),
            tracker: ContextTracker(), diagnosis: diagnosis)
        var buffer = ByteBuffer()
        for record in records { stream.accept(record.span.bytes, into: &buffer) }
        stream.finish(into: &buffer)
        return buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
