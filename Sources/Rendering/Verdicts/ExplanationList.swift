public import Diagnosis
public import Text

/// `nettrace explain --list`: every cause and every drop reason, one line each.
public struct ExplanationList {
    private let catalog: CauseCatalog
    /// By short name: the number on the running kernel.
    private let values: [String: UInt32]
    /// Reasons of the running kernel without an explanation, by number.
    private let unexplained: [(value: UInt32, name: String)]

    /// - Parameter kernel: the running kernel's reasons by number; empty where they are not known.
    public init(catalog: CauseCatalog, kernel: [UInt32: String] = [:]) {
        self.catalog = catalog
        values = Dictionary(
            kernel.map { (DropReason.shortName($0.value), $0.key) }, uniquingKeysWith: { min($0, $1) })
        unexplained = kernel.filter { catalog.reason(named: $0.value) == nil }
            .map { (value: $0.key, name: $0.value) }.sorted { $0.value < $1.value }
    }

    /// Appends the list for a person.
    public func render(coloured: Bool = false, into buffer: inout ByteBuffer) {
        let style = Style(isColoured: coloured)
        let groups = catalog.causes.map(\.group).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let width = catalog.causes.map(\.slug.count).max() ?? 0
        for group in groups {
            head("causes: \(group)", style, &buffer)
            for cause in catalog.causes where cause.group == group {
                row(cause.slug, width, cause.title, style, &buffer)
            }
        }
        let reasonWidth = catalog.reasons.map(\.shortName.count).max() ?? 0
        for subsystem in Subsystem.allCases {
            let reasons = catalog.reasons.filter { Subsystem(of: $0) == subsystem }
            if !reasons.isEmpty { head("drop reasons: \(subsystem.rawValue)", style, &buffer) }
            for reason in reasons {
                let number = values[reason.shortName].map { " (\($0))" } ?? ""
                row(
                    reason.shortName, reasonWidth, "\(reason.cause)\(reason.isNormal ? ", normal" : "")\(number)",
                    style,
                    &buffer)
            }
        }
        guard !unexplained.isEmpty else { return }
        head("drop reasons: of this kernel, not explained", style, &buffer)
        for reason in unexplained {
            row(DropReason.shortName(reason.name), reasonWidth, "(\(reason.value))", style, &buffer)
        }
    }

    /// Appends the list as one JSON object on one line.
    public func renderJSON(into buffer: inout ByteBuffer) throws {
        let reasons = catalog.reasons.map {
            Document.Reason(name: $0.name, value: values[$0.shortName], cause: $0.cause, normal: $0.isNormal)
        }
        let others = unexplained.map { Document.Reason(name: $0.name, value: $0.value) }
        try buffer.append(
            json: Document(
                causes: catalog.causes.map {
                    Document.Cause(slug: $0.slug, group: $0.group, severity: $0.severity.rawValue, title: $0.title)
                }, reasons: reasons + others))
    }

    private struct Document: Encodable {
        struct Cause: Encodable {
            var slug, group, severity, title: String
        }

        struct Reason: Encodable {
            var name: String
            var value: UInt32?
            var cause: String?
            var normal: Bool?
        }

        var causes: [Cause]
        var reasons: [Reason]
    }

    /// The subsystem that registers the reason with the kernel.
    private enum Subsystem: String, CaseIterable {
        case core, qdisc, openvswitch, mac80211

        init(of reason: DropReason) {
            let name = reason.name.drop { $0 == "_" }
            self =
                name.hasPrefix("QDISC_")
                ? .qdisc
                : name.hasPrefix("OVS_") ? .openvswitch : name.hasPrefix("RX_") ? .mac80211 : .core
        }
    }

    private func head(_ title: String, _ style: Style, _ buffer: inout ByteBuffer) {
        if !buffer.isEmpty { buffer.append("\n") }
        buffer.appendStyle(style.group)
        buffer.append(escaping: title)
        buffer.appendStyle(style.end)
        buffer.append("\n")
    }

    private func row(_ name: String, _ width: Int, _ text: String, _ style: Style, _ buffer: inout ByteBuffer) {
        buffer.append("  ")
        buffer.appendStyle(style.tracer)
        buffer.append(escaping: name)
        buffer.appendStyle(style.end)
        buffer.appendSpaces(width - name.count + 2)
        buffer.append(escaping: text)
        buffer.append("\n")
    }
}
