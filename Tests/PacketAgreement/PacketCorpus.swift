import Glibc
public import Protocols

/// The packets of Tests/ProtocolsTests/Packets: one file per protocol. Each packet is a paragraph: comments, the number
/// that announces its first header, its bytes in the format of text2pcap(1), and what is made of them.
public struct PacketCase: Sendable, CustomStringConvertible {
    public let file: String
    public let comment: [String]
    public let from: String
    public let bytes: [UInt8]
    public let expected: [String]

    public init(file: String, comment: [String], from: String, bytes: [UInt8], expected: [String]) {
        self.file = file
        self.comment = comment
        self.from = from
        self.bytes = bytes
        self.expected = expected
    }

    public var description: String { file + ": " + (comment.first ?? "packet") }

    public var first: ProtocolNumber {
        switch from {
        case "ether": .link(1)
        case "ip": .etherType(0x0800)
        case "ip6": .etherType(0x86dd)
        default: .link(UInt16(from.split(separator: " ").last ?? "") ?? .max)
        }
    }

    /// The lines that the descriptions of the fields give: a line for each header, the bytes that are left, the
    /// summary, and the last header as JSON.
    public var actual: [String] {
        let bytes = bytes.span.bytes
        let layers = PacketLayers(bytes, from: first)
        var lines: [String] = []
        for layer in layers.layers {
            var line = TextLine()
            line.append(layer, of: bytes)
            lines.append(String(repeating: " ", count: 2 * layer.depth) + line.text)
        }
        if !layers.payload.isEmpty { lines.append("data \(layers.payload.count)") }
        let rest = bytes.byteCount - layers.payload.upperBound
        if rest > 0 { lines.append("trailer \(rest)") }
        var line = TextLine()
        line.append(summaryOf: layers, of: bytes)
        lines.append(line.text)
        if let last = layers.layers.last {
            line.removeAll()
            line.append(json: last, of: bytes)
            lines.append(line.text)
        }
        return lines
    }
}

public enum PacketCorpus {
    public static let directory =
        String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/")!)) + "/../ProtocolsTests/Packets/"

    public static let files = names(in: directory, suffix: ".txt")

    public static func names(in directory: String, suffix: String) -> [String] {
        var names: [String] = []
        guard let folder = opendir(directory) else { return [] }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(suffix) { names.append(name) }
        }
        return names.sorted()
    }

    public static let all: [PacketCase] = files.flatMap { cases(in: $0) }

    static func cases(in file: String) -> [PacketCase] {
        let lines = contents(of: directory + file).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.split(whereSeparator: \.isEmpty).map { paragraph in
            let comment = paragraph.prefix { $0.hasPrefix("#") }
            let hex = paragraph.dropFirst(comment.count + 1).prefix { isHex($0) }
            return PacketCase(
                file: file, comment: comment.map { String($0.dropFirst(2)) },
                from: paragraph.dropFirst(comment.count).first.map { String($0.dropFirst(5)) } ?? "",
                bytes: hex.flatMap { $0.dropFirst(6).split(separator: " ").compactMap { UInt8($0, radix: 16) } },
                expected: paragraph.dropFirst(comment.count + 1 + hex.count).map(String.init))
        }
    }

    /// `0010  45 00 …`
    private static func isHex(_ line: Substring) -> Bool {
        line.utf8.prefix(4).allSatisfy { Character(UnicodeScalar($0)).isHexDigit } && line.dropFirst(4).hasPrefix("  ")
    }

    public static func contents(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { text += buffer[..<count] }
        return String(decoding: text, as: UTF8.self)
    }
}
