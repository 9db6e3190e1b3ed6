@testable import Netlink

/// Answers each request with datagrams of the kernel that were recorded, as hexadecimal text.
final class RecordedChannel: NetlinkChannel {
    /// For each request, its datagrams.
    private var answers: [[[UInt8]]]
    private(set) var requests: [[UInt8]] = []
    private var waiting: [[UInt8]] = []

    init(_ answers: [[String]]) {
        self.answers = answers.map { $0.map(Self.bytes) }
    }

    init(bytes answers: [[[UInt8]]]) {
        self.answers = answers
    }

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.filter { !$0.isWhitespace }
        return stride(from: 0, to: digits.count, by: 2).compactMap { place in
            let start = digits.index(digits.startIndex, offsetBy: place)
            return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)
        }
    }

    func send(_ datagram: [UInt8]) throws(NetlinkError) {
        requests.append(datagram)
        guard !answers.isEmpty else { throw .failed(call: "send", errno: 111) }
        waiting = answers.removeFirst().map { Self.numbered($0, like: datagram) }
    }

    func receive() throws(NetlinkError) -> [UInt8] {
        guard !waiting.isEmpty else { throw .failed(call: "recv", errno: 11) }
        return waiting.removeFirst()
    }

    /// Messages get the request's sequence number, by which the session knows its answers.
    private static func numbered(_ datagram: [UInt8], like request: [UInt8]) -> [UInt8] {
        var datagram = datagram
        var start = 0
        while start + 16 <= datagram.count {
            datagram.replaceSubrange((start + 8)..<(start + 12), with: request[8..<12])
            guard let length = datagram[start...].number(as: UInt32.self), length >= 16 else { break }
            start += (Int(length) + 3) / 4 * 4
        }
        return datagram
    }
}
