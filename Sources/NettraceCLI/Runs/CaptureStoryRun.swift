import CaptureFiles
import FoundationEssentials
import Glibc
import KernelAccess
import Rendering
import SystemPackage
import Text

/// Shows the packets of a capture file that `--pcapng` has made, by what it says about each (docs/CAPTURE.md, *For programs*).
struct CaptureStoryRun: ~Copyable {
    private let file: String
    private let json: Bool
    private let limit: UInt64
    private var reader: CaptureReader
    private var sink = OutputSink.standardOutput
    private var buffer = ByteBuffer(capacity: 64 << 10)
    /// A packet that passed several devices is printed once: numbers of the latest ones.
    private var known: Set<UInt64> = []
    private var shown: UInt64 = 0

    private static let knownLimit = 1 << 16

    /// - Returns: nil if the file is not a capture file with nettrace's option in its first packets.
    init?(_ file: String, _ view: ViewOptions) throws {
        guard file != "-", Self.isOurs(file) else { return nil }
        self.file = file
        json = view.json
        limit = view.count ?? .max
        reader = try CaptureReader(path: FilePath(file))
    }

    private static func isOurs(_ file: String) -> Bool {
        do throws(CaptureError) {
            var reader = try CaptureReader(path: FilePath(file))
            for _ in 0..<100 {
                guard try reader.next() else { return false }
                if PacketTale(reader.packet) != nil { return true }
            }
        } catch {
            return false
        }
        return false
    }

    /// Refuses what only a recording can show.
    static func check(_ request: EventsRequest, _ file: String) throws {
        let others: [(Bool, String)] = [
            (request.packets.selectsPackets, "a packet filter"), (request.packetFile.isWanted, "--pcapng"),
            (request.recordingFile != nil, "--write"), (request.returns.graph, "--graph"),
            (request.life.follow, "--follow"), (request.life.latency, "--latency"),
            (request.payload.isWanted, "-x, -X and -A"), (request.diagnosis.isWanted, "--diag"),
            (!request.output.columns.isEmpty, "-o"),
        ]
        guard let other = others.first(where: { $0.0 })?.1 else { return }
        throw RunError(
            "\(file): a capture file, whose packets are shown as they were written, as blocks or with --json; \(other) needs "
                + "a recording (-w FILE). nettrace netsnoop -i \(file) filters and decodes its packets")
    }

    mutating func run() throws {
        StopSignals.install()
        while !StopSignals.received, shown < limit, !sink.isClosed, try reader.next() {
            guard let tale = PacketTale(reader.packet), isNew(tale.number) else { continue }
            if json {
                buffer.append(contentsOf: tale.json)
            } else {
                buffer.append(contentsOf: PrintableText.escaped(tale.comment).utf8)
                buffer.append("\n")
            }
            buffer.append("\n")
            shown += 1
            if buffer.count >= 32 << 10 { _ = sink.write(&buffer) }
        }
        _ = sink.write(&buffer)
        try sink.requireWritten()
    }

    private mutating func isNew(_ number: UInt64?) -> Bool {
        guard let number else { return true }
        if known.count >= Self.knownLimit { known.removeAll(keepingCapacity: true) }
        return known.insert(number).inserted
    }
}

/// The path and verdict of a packet in a capture file.
private struct PacketTale {
    let number: UInt64?
    let comment: String
    /// The packet's object, as `--timeline --json` prints it.
    let json: [UInt8]

    /// The version of the option, and as a check that the whole value is JSON.
    private struct Head: Decodable {
        var nettrace: Int
        var at: String
    }

    /// Returns nil if the packet has no such option, or one of a later version. Files may be hostile: JSON is passed on only
    /// if it is well-formed and one line.
    init?(_ packet: borrowing PacketView) {
        guard let value = packet.options.first(OptionCode.story) else { return nil }
        let bytes = value.withUnsafeBytes { [UInt8]($0) }
        guard let head = try? JSONDecoder().decode(Head.self, from: Data(bytes)), head.nettrace == 1,
            !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }),
            let key = Self.place(of: Array(",\"packet\":".utf8), in: bytes), bytes.last == UInt8(ascii: "}")
        else { return nil }
        json = Array(bytes[key..<bytes.count - 1])
        comment = packet.options.comments.last ?? ""
        number = packet.options.number(OptionCode.packetID, as: UInt64.self)
    }

    /// The end of the first occurrence of `key`, which stands near the beginning.
    private static func place(of key: [UInt8], in bytes: [UInt8]) -> Int? {
        let last = min(bytes.count - key.count, 256)
        guard last >= 0 else { return nil }
        return (0...last).first { bytes[$0..<$0 + key.count].elementsEqual(key) }.map { $0 + key.count }
    }
}
