import ArgumentParser
import Events
import Recording

/// Whether this program can read the records of a file: docs/RECORDING.md, *Sections*.
extension RecordLayout {
    /// Throws a sentence that names the section which this program would misread.
    func requireReadable(_ header: RecordingHeader, called name: String) throws {
        guard let difference = firstDifference(from: header.layout) else { return }
        let found = "\(Self.printable(difference.other.name)) of \(difference.other.size) bytes"
        throw RunError(
            "\(name): recorded by nettrace \(header.printableProgram), whose records have another layout: \(found) stands "
                + "where this version (\(Nettrace.configuration.version)) has \(difference.own.name) of "
                + "\(difference.own.size); read it with that version")
    }

    /// A note on sections after all known ones; nil if there are none.
    func noteOnNewerSections(_ header: RecordingHeader, called name: String) -> String? {
        let newer = header.layout.parts.dropFirst(parts.count)
        guard !newer.isEmpty else { return nil }
        let names = newer.prefix(8).map { Self.printable($0.name) }.joined(separator: ", ")
        return "\(name): recorded by nettrace \(header.printableProgram), whose records also hold what this version "
            + "does not show: \(names)"
    }

    /// Bits of `nt_event.sections` that records of `other` may have although this program does not know them: the parts
    /// after the known ones, which have the next bits and stand after all known sections.
    func bitsOfNewerSections(in other: RecordLayout) -> UInt32 {
        let newer = min(max(0, other.parts.count - parts.count), 32 - EventView.knownSections)
        return UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(newer) - 1) << UInt64(EventView.knownSections))
    }

    /// Names come from the file and must not control the terminal.
    fileprivate static func printable(_ name: String) -> String {
        String(name.prefix(64).filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") })
    }
}

extension RecordingHeader {
    var printableProgram: String { RecordLayout.printable(program) }

    /// The sentence for a record with sections that neither this program nor the file's own list of parts knows.
    func error(onUnknown sections: UInt32, inRecord number: UInt64, of name: String) -> RunError {
        RunError(
            "\(name): record \(number) has a section of bit \(sections.trailingZeroBitCount), which nettrace "
                + "\(printableProgram) did not describe and this version (\(Nettrace.configuration.version)) does not "
                + "know; reading ends there")
    }
}
