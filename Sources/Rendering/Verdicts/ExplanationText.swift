import Diagnosis
public import Text

extension Explanation {
    /// Appends the explanation for a person.
    public func render(coloured: Bool = false, into buffer: inout ByteBuffer) {
        let style = Style(isColoured: coloured)
        switch subject {
        case .topic(.reason(let reason)):
            head("drop reason", reason.name, style, &buffer)
            buffer.append(wrapping: reason.meaning, indent: 2)
            if reason.isNormal {
                buffer.append("  Part of normal operation: mostly no reason to worry.\n")
            }
            otherMeanings(of: reason, &buffer)
        case .topic(.cause):
            break
        case .topic(.location(let name, let causes)):
            head("kernel function", name, style, &buffer)
            buffer.append(
                wrapping: causes.count == 1
                    ? "A packet that dies here, or a return value of this function, speaks for this cause."
                    : "A packet that dies here may have died of one of \(causes.count) causes; the drop reason, where "
                        + "the kernel gives one, shows which.", indent: 2)
        case .topic(.counter(let name, let counters)):
            return describe(counters, name, style, &buffer)
        case .unexplained(let reason):
            return unexplained(reason, style, &buffer)
        }
        for cause in causes {
            if !buffer.isEmpty { buffer.append("\n") }
            CauseText(cause: cause, catalog: catalog, style: style).render(into: &buffer)
        }
    }

    private func head(_ kind: StaticString, _ name: String, _ style: Style, _ buffer: inout ByteBuffer) {
        buffer.append(kind)
        buffer.append(" ")
        buffer.appendStyle(style.drop)
        buffer.append(escaping: name)
        buffer.appendStyle(style.end)
        if let value {
            buffer.append(" (")
            buffer.appendDecimal(value)
            buffer.append(" on this kernel)")
        }
        buffer.append("\n")
    }

    /// Of the causes their titles only: a counter may stand for many.
    private func describe(_ counters: [Counter], _ name: String, _ style: Style, _ buffer: inout ByteBuffer) {
        head("counter", name, style, &buffer)
        for counter in counters {
            buffer.append(wrapping: "\(counter.meaning) (\(counter.source))", indent: 2)
            if let command = counter.trace {
                buffer.append("  $ ")
                buffer.appendStyle(style.tracer)
                buffer.append(escaping: command)
                buffer.appendStyle(style.end)
                buffer.append(command.contains("DEV") ? "   (DEV: the device)\n" : "\n")
            }
            for cause in counter.causes.compactMap({ catalog.cause(named: $0) }) {
                buffer.append(wrapping: "nettrace explain \(cause.slug): \(cause.title)", indent: 2, bullet: "- ")
            }
        }
    }

    /// Places where the reason means something else.
    private func otherMeanings(of reason: DropReason, _ buffer: inout ByteBuffer) {
        for cause in catalog.causes {
            let places = cause.refinements.filter { $0.reason == reason.name }.map { place in
                place.location + (place.kind.map { " (\($0.words))" } ?? "")
            }
            guard !places.isEmpty else { continue }
            let isNormal = cause.severity == .normal || cause.isStray
            buffer.append(
                wrapping: "In \(places.joined(separator: ", ")) it means \(cause.slug): \(cause.title)"
                    + (isNormal ? "; part of normal operation, shown as *end*." : "."), indent: 2)
        }
    }

    private func unexplained(_ reason: String, _ style: Style, _ buffer: inout ByteBuffer) {
        head("drop reason", reason, style, &buffer)
        buffer.append(
            wrapping: "The running kernel has this reason, but this version of nettrace does not know what it means: "
                + "the kernel is newer, or has patches of its own. To find out:", indent: 2)
        buffer.append(
            wrapping: "read its comment in include/net/dropreason*.h of this kernel's source "
                + "(for subsystems in drop.h, such as net/openvswitch/drop.h)", indent: 2, bullet: "- ")
        buffer.append(
            wrapping: "look for \(DropReason.shortName(reason)) in net/ and drivers/net/ of the source: the condition "
                + "before it is the cause", indent: 2, bullet: "- ")
        buffer.append(
            wrapping: "see the function that drops: nettrace -t skb:kfree_skb --stack", indent: 2, bullet: "- ")
    }
}

/// One cause, for a person.
private struct CauseText {
    let cause: Cause
    let catalog: CauseCatalog
    let style: Style

    func render(into buffer: inout ByteBuffer) {
        buffer.appendStyle(style.group)
        buffer.append(escaping: cause.slug)
        buffer.appendStyle(style.end)
        buffer.append(escaping: ": \(cause.title) [\(cause.group), \(cause.severity.rawValue)]")
        buffer.append("\n")
        buffer.append(wrapping: cause.meaning, indent: 2)
        section("how it arises", isEmpty: cause.arises.isEmpty, &buffer)
        for text in cause.arises {
            buffer.append(wrapping: text, indent: 2, bullet: "- ")
        }
        steps("check", cause.check, &buffer)
        steps("fix", cause.fix, &buffer)
        section("counters", isEmpty: cause.counters.isEmpty, &buffer)
        if !cause.counters.isEmpty { command("nstat -az " + cause.counters.joined(separator: " "), &buffer) }
        evidence(&buffer)
        section("see also", isEmpty: cause.related.isEmpty, &buffer)
        for other in cause.related.compactMap({ catalog.cause(named: $0) }) {
            buffer.append(wrapping: "nettrace explain \(other.slug): \(other.title)", indent: 2)
        }
        legend(&buffer)
    }

    private func section(_ title: StaticString, isEmpty: Bool, _ buffer: inout ByteBuffer) {
        guard !isEmpty else { return }
        buffer.append("\n")
        buffer.appendStyle(style.group)
        buffer.append(title)
        buffer.appendStyle(style.end)
        buffer.append("\n")
    }

    private func steps(_ title: StaticString, _ steps: [Cause.Step], _ buffer: inout ByteBuffer) {
        section(title, isEmpty: steps.isEmpty, &buffer)
        for step in steps {
            if let run = step.command {
                command(run, &buffer)
                buffer.append(wrapping: step.note, indent: 6)
            } else {
                buffer.append(wrapping: step.note, indent: 2, bullet: "- ")
            }
        }
    }

    private func command(_ text: String, _ buffer: inout ByteBuffer) {
        buffer.append("  $ ")
        buffer.appendStyle(style.tracer)
        buffer.append(escaping: text)
        buffer.appendStyle(style.end)
        buffer.append("\n")
    }

    /// How the cause shows in a trace.
    private func evidence(_ buffer: inout ByteBuffer) {
        let reasons = catalog.reasons(of: cause).filter { !$0.name.hasPrefix("_") }.map(\.shortName)
        let isEmpty = reasons.isEmpty && cause.locations.isEmpty && cause.returns.isEmpty
        section("in a trace", isEmpty: isEmpty && cause.refinements.isEmpty, &buffer)
        if !reasons.isEmpty {
            buffer.append(wrapping: "drop reason \(reasons.joined(separator: ", "))", indent: 2, bullet: "- ")
        }
        for refinement in cause.refinements {
            buffer.append(
                wrapping: "drop reason \(DropReason.shortName(refinement.reason)) in \(refinement.location)", indent: 2,
                bullet: "- ")
        }
        if !cause.locations.isEmpty {
            buffer.append(
                wrapping: "dropped without a reason in \(cause.locations.joined(separator: ", "))", indent: 2,
                bullet: "- ")
        }
        if !cause.returns.isEmpty {
            let texts = cause.returns.map { "\($0.value) from \($0.tracer)" }
            buffer.append(wrapping: "returned: \(texts.joined(separator: ", "))", indent: 2, bullet: "- ")
        }
    }

    private func legend(_ buffer: inout ByteBuffer) {
        let steps = cause.check + cause.fix
        let placeholders = Placeholder.all(in: steps.map { "\($0.command ?? "") \($0.note)" }.joined(separator: " "))
        section("in the commands", isEmpty: steps.allSatisfy { $0.command == nil }, &buffer)
        guard steps.contains(where: { $0.command != nil }) else { return }
        for placeholder in placeholders {
            buffer.append(wrapping: "{\(placeholder.rawValue)}: \(placeholder.meaning)", indent: 2)
        }
        buffer.append("  Run them in the network namespace of the packet (ip netns exec, nsenter).\n")
        if steps.contains(where: { $0.command?.hasPrefix("sysctl") == true }) {
            buffer.append("  A sysctl that is not there belongs to the whole machine: use the initial namespace.\n")
        }
        if steps.contains(where: { $0.command?.hasPrefix("sysctl -w") == true }) {
            buffer.append("  sysctl -w lasts until the next boot; a file in /etc/sysctl.d keeps it.\n")
        }
    }
}
