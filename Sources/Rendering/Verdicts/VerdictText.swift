import Diagnosis
import Pipeline
import Text

/// A verdict as lines below the packet's block:
///
///     ! error: no-listener: nobody listens there
///         evidence: skb:kfree_skb: reason NO_SOCKET at udp_unicast_rcv_skb+0x7c
///         netns:    web, inode 4026532345
///         culprit:  no socket for udp 10.0.0.2 port 53 (socket)
///                   udp 127.0.0.1:53 of dnsmasq (pid 15) listens on another address or device
///         check:    ss -Hlntup 'sport = :53'
///                       who listens on the port in this namespace, and on which address
///
/// A verdict that was given before is one line, with the number of packets that it holds for by now:
///
///     ! error: no-listener: nobody listens there, × 4,512: no socket for udp 10.0.0.2 port 53 (explained above)
struct VerdictText {
    let style: Style

    func append(_ entry: VerdictTally.Entry, to buffer: inout ByteBuffer) {
        let verdict = entry.verdict
        appendHeading(verdict, &buffer)
        guard !entry.isKnown else { return appendReference(to: entry, &buffer) }
        buffer.append("\n")
        appendEvidence(verdict.evidence, verdict.proof, &buffer)
        appendNamespace(verdict.namespace, &buffer)
        appendCulprit(verdict.culprit, &buffer)
        for advice in verdict.advice { append(advice, &buffer) }
    }

    private func appendHeading(_ verdict: Verdict, _ buffer: inout ByteBuffer) {
        buffer.append("! ")
        buffer.append(verdict.severity >= .warning ? style.drop : style.group)
        buffer.appendPrintable(verdict.severity.rawValue)
        buffer.append(": ")
        buffer.appendPrintable(verdict.slug)
        buffer.appendStyle(style.end)
        buffer.append(": ")
        buffer.appendPrintable(verdict.title)
    }

    private func appendReference(to entry: VerdictTally.Entry, _ buffer: inout ByteBuffer) {
        buffer.append(", × ")
        buffer.appendGrouped(entry.count)
        switch entry.verdict.culprit {
        case .found(let culprit):
            buffer.append(": ")
            buffer.appendPrintable(culprit.name)
        case .oneOf(let suspects, _):
            buffer.append(": one of ")
            buffer.appendDecimal(suspects.count)
            buffer.append(" suspects")
        case .unknown, .none: break
        }
        buffer.append(" (explained above)\n")
    }

    private func appendEvidence(_ evidence: Evidence, _ proof: Proof, _ buffer: inout ByteBuffer) {
        label("evidence:", &buffer)
        if let tracer = evidence.tracer {
            buffer.appendPrintable(tracer)
            buffer.append(": ")
        }
        if proof == .unanswered {
            buffer.append("taken in, and no word of it since\n")
            return
        }
        buffer.append(evidence.reason == nil ? "dropped without a reason" : "reason ")
        if let reason = evidence.reason { buffer.appendPrintable(DropReason.shortName(reason)) }
        if let location = evidence.location {
            buffer.append(" at ")
            buffer.appendPrintable(location)
        }
        buffer.append("\n")
        if case .returned(let index) = proof {
            let result = evidence.returns[index]
            indent(&buffer)
            buffer.appendPrintable("\(result.tracer) \(result.isReport ? "reports" : "returned") \(result.text)")
            buffer.append("\n")
        }
        if proof == .location {
            indent(&buffer)
            buffer.append("of what packets are given up for there, nothing else fits\n")
        }
    }

    /// In the user's own namespace nothing has to be said.
    private func appendNamespace(_ namespace: NamespaceName?, _ buffer: inout ByteBuffer) {
        guard let namespace, !namespace.isOwn else { return }
        label("netns:", &buffer)
        if let name = namespace.name { buffer.appendPrintable("\(name), ") }
        buffer.appendPrintable("inode \(namespace.inode)")
        if let process = namespace.process { buffer.appendPrintable(", of process \(process)") }
        buffer.append("\n")
    }

    private func appendCulprit(_ answer: CulpritAnswer, _ buffer: inout ByteBuffer) {
        switch answer {
        case .none: return
        case .found(let culprit):
            label("culprit:", &buffer)
            append(culprit, &buffer)
        case .oneOf(let suspects, let because):
            label("suspects:", &buffer)
            buffer.appendPrintable(because)
            buffer.append("\n")
            for suspect in suspects {
                indent(&buffer)
                append(suspect, &buffer)
            }
        case .unknown(let because):
            label("culprit:", &buffer)
            buffer.append("not known: ")
            buffer.appendPrintable(because)
            buffer.append("\n")
        }
    }

    private func append(_ culprit: Culprit, _ buffer: inout ByteBuffer) {
        buffer.appendStyle(style.group)
        buffer.appendPrintable(culprit.name)
        buffer.appendStyle(style.end)
        buffer.append(" (")
        buffer.appendPrintable(culprit.kind)
        buffer.append(")\n")
        for detail in culprit.details {
            indent(&buffer)
            buffer.appendPrintable(detail)
            buffer.append("\n")
        }
    }

    private func append(_ advice: Advice, _ buffer: inout ByteBuffer) {
        label(advice.purpose == .check ? "check:" : "fix:", &buffer)
        if let command = advice.command {
            buffer.appendPrintable(command)
            if !advice.note.isEmpty {
                buffer.append("\n")
                indent(&buffer)
                buffer.append("    ")
            }
        }
        buffer.appendPrintable(advice.note)
        buffer.append("\n")
    }

    private static let width = 14

    private func label(_ word: StaticString, _ buffer: inout ByteBuffer) {
        buffer.append("    ")
        buffer.append(word)
        for _ in word.utf8CodeUnitCount..<Self.width - 4 { buffer.append(UInt8(ascii: " ")) }
    }

    private func indent(_ buffer: inout ByteBuffer) {
        for _ in 0..<Self.width { buffer.append(UInt8(ascii: " ")) }
    }
}
