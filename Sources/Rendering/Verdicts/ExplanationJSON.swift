import Diagnosis
import FoundationEssentials
public import Text

extension Explanation {
    /// Appends the explanation as one JSON object on one line (docs/OUTPUT.md).
    public func renderJSON(into buffer: inout ByteBuffer) throws {
        try buffer.append(json: Document(self))
    }

    private struct Document: Encodable {
        var kind: String
        var name: String
        var value: UInt32?
        /// False: a reason of the running kernel that is not explained.
        var known = true
        var normal: Bool?
        var meaning: String?
        var counters: [CounterDocument]?
        var causes: [CauseDocument]

        init(_ explanation: Explanation) {
            value = explanation.value
            causes = explanation.causes.map { CauseDocument($0, explanation.catalog) }
            switch explanation.subject {
            case .topic(.reason(let reason)):
                (kind, name) = ("reason", reason.name)
                (normal, meaning) = (reason.isNormal, reason.meaning)
            case .topic(.cause(let cause)):
                (kind, name) = ("cause", cause.slug)
            case .topic(.location(let function, _)):
                (kind, name) = ("function", function)
            case .topic(.counter(let counter, let counters)):
                (kind, name) = ("counter", counter)
                self.counters = counters.map {
                    .init(source: $0.source, meaning: $0.meaning, causes: $0.causes, trace: $0.trace)
                }
            case .unexplained(let reason):
                (kind, name, known) = ("reason", reason, false)
            }
        }
    }
}

private struct CounterDocument: Encodable {
    var source, meaning: String
    /// Slugs.
    var causes: [String]
    var trace: String?
}

private struct CauseDocument: Encodable {
    struct Step: Encodable {
        var run: String?
        var note: String
    }

    struct Place: Encodable {
        var reason, location: String
    }

    struct Return: Encodable {
        var tracer, value: String
    }

    var slug, group, severity, title, meaning: String
    var arises: [String]
    var check, fix: [Step]
    var counters, see, reasons, locations: [String]
    var refines: [Place]
    var returns: [Return]

    init(_ cause: Cause, _ catalog: CauseCatalog) {
        (slug, group, severity) = (cause.slug, cause.group, cause.severity.rawValue)
        (title, meaning, arises) = (cause.title, cause.meaning, cause.arises)
        check = cause.check.map { Step(run: $0.command, note: $0.note) }
        fix = cause.fix.map { Step(run: $0.command, note: $0.note) }
        (counters, see, locations) = (cause.counters, cause.related, cause.locations)
        reasons = catalog.reasons(of: cause).map(\.name)
        refines = cause.refinements.map { Place(reason: $0.reason, location: $0.location) }
        returns = cause.returns.map { Return(tracer: $0.tracer, value: $0.value) }
    }
}

extension ByteBuffer {
    /// Appends one line of JSON; keys in the order of the alphabet, so that the same input gives the same bytes.
    mutating func append(json document: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        append(contentsOf: try encoder.encode(document))
        append(UInt8(ascii: "\n"))
    }
}
