import Protocols
import Text

/// Starts the lines of a report: a heading and indented lines, or a prefix before each line.
struct ReportLines {
    let hasPrefixes: Bool
    private var prefix: StaticString = ""

    init(hasPrefixes: Bool) { self.hasPrefixes = hasPrefixes }

    /// Begins the part about a protocol.
    ///
    /// - Parameter hasHeading: whether the first line of the part is a heading itself.
    mutating func begin(_ prefix: StaticString, _ title: StaticString, hasHeading: Bool, to buffer: inout ByteBuffer) {
        self.prefix = prefix
        guard !hasPrefixes, !hasHeading else { return }
        buffer.append(title)
        buffer.append(" header breakdown:\n")
    }

    /// Starts a line of the part.
    func start(_ buffer: inout ByteBuffer) {
        if hasPrefixes { appendPrefix(&buffer) } else { buffer.append("        ") }
    }

    /// Starts a line that is not indented.
    func startUnindented(_ buffer: inout ByteBuffer) {
        if hasPrefixes { appendPrefix(&buffer) }
    }

    /// Text begins in the same column after the short names of protocols.
    private func appendPrefix(_ buffer: inout ByteBuffer) {
        buffer.append(prefix)
        buffer.append(": ")
        for _ in prefix.utf8CodeUnitCount..<max(3, prefix.utf8CodeUnitCount) { buffer.append(UInt8(ascii: " ")) }
    }
}
