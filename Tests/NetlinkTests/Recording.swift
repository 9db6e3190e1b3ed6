import FoundationEssentials
import Testing

@testable import Netlink

/// An answer of a kernel, one datagram a line, in hexadecimal digits.
enum Recording {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recorded")

    static func datagrams(_ name: String) throws -> [[UInt8]] {
        let text = try String(contentsOf: folder.appending(path: name + ".hex"), encoding: .utf8)
        let datagrams = text.split(separator: "\n").map { RecordedChannel.bytes(String($0)) }
        try #require(!datagrams.isEmpty)
        return datagrams
    }

    /// The elements of the answer to a question.
    static func answer<Question: NetlinkQuestion>(_ name: String, to question: Question) throws -> [Question.Element] {
        try NetlinkSession(RecordedChannel(bytes: [try datagrams(name)])).answer(to: question)
    }
}
