import Diagnosis
import Pipeline
import Text

extension JSONObject {
    /// The member "verdict" of a context; docs/OUTPUT.md names its keys. In a burst only the first one has all of them.
    mutating func verdict(_ entry: VerdictTally.Entry, _ buffer: inout ByteBuffer) {
        let verdict = entry.verdict
        object("verdict", &buffer) { object, buffer in
            object.string("severity", verdict.severity.rawValue, &buffer)
            object.string("cause", verdict.slug, &buffer)
            object.string("title", verdict.title, &buffer)
            object.number("count", entry.count, &buffer)
            object.array("evidence", Self.evidence(of: verdict), &buffer) { item, object, buffer in
                object.number("event", item.event, &buffer)
                object.string("reason", item.reason, &buffer)
                object.string("location", item.location, &buffer)
                object.string("tracer", item.tracer, &buffer)
                object.string("returned", item.returned, &buffer)
            }
            if let namespace = verdict.namespace {
                object.object("netns", &buffer) { object, buffer in
                    object.number("inode", namespace.inode, &buffer)
                    object.string("name", namespace.name, &buffer)
                    if let process = namespace.process { object.number("pid", process, &buffer) }
                }
            }
            switch verdict.culprit {
            case .none: break
            case .found(let culprit):
                object.object("culprit", &buffer) { $0.members(of: culprit, &$1) }
            case .oneOf(let suspects, let because):
                object.array("suspects", suspects, &buffer) { $1.members(of: $0, &$2) }
                object.string("doubt", because, &buffer)
            case .unknown(let because):
                object.string("doubt", because, &buffer)
            }
            guard !entry.isOfBurst else { return }
            object.array("advice", verdict.advice, &buffer) { advice, object, buffer in
                object.string("for", advice.purpose.rawValue, &buffer)
                object.string("run", advice.command, &buffer)
                object.string("note", advice.note, &buffer)
            }
        }
    }

    private struct EvidenceItem {
        var event: Int
        var reason: String?
        var location: String?
        var tracer: String?
        var returned: String?
    }

    private static func evidence(of verdict: Verdict) -> [EvidenceItem] {
        let evidence = verdict.evidence
        var items = [
            EvidenceItem(
                event: evidence.event, reason: evidence.reason.map(DropReason.shortName), location: evidence.location)
        ]
        if case .returned(let index) = verdict.proof {
            let result = evidence.returns[index]
            items.append(EvidenceItem(event: result.event, tracer: result.tracer, returned: result.text))
        }
        return items
    }

    private mutating func members(of culprit: Culprit, _ buffer: inout ByteBuffer) {
        string("kind", culprit.kind, &buffer)
        string("name", culprit.name, &buffer)
        guard !culprit.details.isEmpty else { return }
        key("details", &buffer)
        var separator = UInt8(ascii: "[")
        for detail in culprit.details {
            buffer.append(separator)
            separator = UInt8(ascii: ",")
            buffer.appendJSONString(detail.utf8.span.bytes)
        }
        buffer.append(UInt8(ascii: "]"))
    }

    /// Text of any content; nothing where it is nil.
    private mutating func string(_ name: StaticString, _ value: String?, _ buffer: inout ByteBuffer) {
        guard let value else { return }
        text(name, value.utf8.span.bytes, &buffer)
    }
}
