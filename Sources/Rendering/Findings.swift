import Diagnosis

/// What the verdicts of a run come to: how many packets were judged, and what was found of those that somebody misses.
public struct Findings: Sendable, Equatable {
    private struct Finding: Sendable, Equatable {
        var severity: Cause.Severity
        var title: String
        var packets: UInt64
    }

    public private(set) var judged: UInt64 = 0
    /// By the cause's slug.
    private var findings: [String: Finding] = [:]

    public init() {}

    public var isEmpty: Bool { findings.isEmpty }

    mutating func add(_ verdict: Verdict?) {
        judged += 1
        guard let verdict else { return }
        findings[verdict.slug, default: Finding(severity: verdict.severity, title: verdict.title, packets: 0)]
            .packets += 1
    }

    /// The gravest first, then the most frequent.
    private var sorted: [(slug: String, Finding)] {
        findings.map { ($0.key, $0.value) }.sorted {
            ($0.1.severity, $0.1.packets, $1.slug) > ($1.1.severity, $1.1.packets, $0.slug)
        }
    }

    /// Appends a line per cause for stderr, newlines included.
    func renderText(into buffer: inout ByteBuffer) {
        let found = findings.values.reduce(0) { $0 + $1.packets }
        buffer.append("verdict: findings on ")
        buffer.appendDecimal(found)
        buffer.append(" of ")
        buffer.appendDecimal(judged)
        buffer.append(judged == 1 ? " packet\n" : " packets\n")
        for (slug, finding) in sorted {
            buffer.append("  ")
            buffer.appendDecimal(finding.packets)
            buffer.append(" × ")
            buffer.appendPrintable("\(slug) (\(finding.severity.rawValue)): \(finding.title)")
            buffer.append("\n")
        }
    }

    /// The member "verdict" of the summary.
    func renderJSON(_ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        object.object("verdict", &buffer) { object, buffer in
            object.number("packets", judged, &buffer)
            object.array("causes", sorted, &buffer) { entry, cause, buffer in
                let (slug, finding) = entry
                cause.text("cause", slug.utf8.span.bytes, &buffer)
                cause.text("severity", finding.severity.rawValue.utf8.span.bytes, &buffer)
                cause.number("packets", finding.packets, &buffer)
            }
        }
    }
}
