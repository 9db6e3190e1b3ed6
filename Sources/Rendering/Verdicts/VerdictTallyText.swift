import Diagnosis
import Pipeline
import Text

extension VerdictTally {
    /// Verdicts that the text lists; a scan of ports has one for each port.
    private static let listed = 32

    /// Appends a line per verdict for stderr, newlines included:
    ///
    ///     verdict: findings on 4512 of 4520 packets
    ///       4,512 × no-listener (error): nobody listens there: no socket for udp 10.9.0.2 port 4000
    func renderText(into buffer: inout ByteBuffer) {
        buffer.append("verdict: findings on ")
        buffer.appendDecimal(packets)
        buffer.append(" of ")
        buffer.appendDecimal(judged)
        buffer.append(judged == 1 ? " packet\n" : " packets\n")
        let sorted = sorted
        for finding in sorted.prefix(Self.listed) {
            buffer.append("  ")
            buffer.appendGrouped(finding.packets)
            buffer.append(" × ")
            buffer.appendPrintable("\(finding.slug) (\(finding.severity.rawValue)): \(finding.title)")
            if let culprit = finding.culprit {
                buffer.append(": ")
                buffer.appendPrintable(culprit)
            }
            buffer.append("\n")
        }
        if sorted.count > Self.listed {
            buffer.append("  and ")
            buffer.appendDecimal(sorted.count - Self.listed)
            buffer.append(" more verdicts, on ")
            buffer.appendGrouped(sorted.dropFirst(Self.listed).reduce(0) { $0 + $1.packets })
            buffer.append(" packets\n")
        }
        if unasked > 0 {
            buffer.append("  of ")
            buffer.appendGrouped(unasked)
            buffer.append(unasked == 1 ? " packet" : " packets")
            buffer.append(" the culprit was not looked for, or not to the end: too many losses, or the run was over\n")
        }
    }

    /// The member "verdict" of the summary.
    func renderJSON(_ object: inout JSONObject, _ buffer: inout ByteBuffer) {
        object.object("verdict", &buffer) { object, buffer in
            object.number("packets", judged, &buffer)
            object.array("causes", sorted, &buffer) { finding, cause, buffer in
                cause.text("cause", finding.slug.utf8.span.bytes, &buffer)
                cause.text("severity", finding.severity.rawValue.utf8.span.bytes, &buffer)
                if let culprit = finding.culprit { cause.text("culprit", culprit.utf8.span.bytes, &buffer) }
                cause.number("packets", finding.packets, &buffer)
            }
            if unasked > 0 { object.number("unasked", unasked, &buffer) }
        }
    }
}
