import CaptureFiles
import Text

/// What is told about a packet: a comment for people, and JSON for programs. Both go to all of the packet's blocks.
///
/// While a packet waits for its verdict, it is bytes in the output's buffer, as any view's text: comment, JSON, blocks
/// without these, and a trailer with the places of all.
final class PacketStory {
    /// Sizes at the end of a waiting packet.
    struct Trailer {
        var comment: Int
        var json: Int
        var blocks: Int
        var number: UInt64

        static let size = 32

        func append(to buffer: inout ByteBuffer) {
            for word in [UInt64(comment), UInt64(json), UInt64(blocks), number] { buffer.append(word, size: 8) }
        }

        /// The trailer at the end of a buffer.
        init(endOf bytes: RawSpan) {
            let start = bytes.byteCount - Self.size
            comment = Int(bytes.word(at: start))
            json = Int(bytes.word(at: start + 8))
            blocks = Int(bytes.word(at: start + 16))
            number = bytes.word(at: start + 24)
        }

        init(comment: Int, json: Int, blocks: Int, number: UInt64) {
            self.comment = comment
            self.json = json
            self.blocks = blocks
            self.number = number
        }
    }

    /// The verdict on the packet that ends next, as text and as members of its JSON object.
    var verdict = ByteBuffer(capacity: 4 << 10)
    var verdictJSON = ByteBuffer(capacity: 4 << 10)
    /// The comment and the JSON of that packet.
    private var comment = ByteBuffer(capacity: 8 << 10)
    private var json = ByteBuffer(capacity: 8 << 10)
    /// Memory for the head of an option, and for blocks on their way to the output.
    private var head = ByteBuffer(capacity: 256)
    var released = ByteBuffer(capacity: 64 << 10)
    /// Descriptions of interfaces that are not in the file yet.
    var heads = ByteBuffer(capacity: 1 << 10)

    /// Completes comment and JSON of the packet whose parts stand at `start` in `bytes`.
    func complete(_ bytes: RawSpan, _ trailer: Trailer, from start: Int) {
        comment.removeAll()
        json.removeAll()
        let text = bytes.extracting(start..<start + trailer.comment)
        verdict.trimLineEnds()
        let room = max(0, OptionCode.longestValue - min(verdict.count, Self.verdictLimit))
        comment.appendLines(of: text, room: room)
        comment.append(verdict, first: Self.verdictLimit)
        comment.trimLineEnds()
        json.append(bytes.extracting(start + trailer.comment..<start + trailer.comment + trailer.json))
        json.append(verdictJSON)
        json.append("}")
        verdict.removeAll()
        verdictJSON.removeAll()
    }

    /// Appends comment and JSON as options of a packet's block.
    ///
    /// - Parameters:
    ///   - tracer: where the packet had the block's bytes.
    ///   - late: nanoseconds that the block's time was moved on.
    func append(to buffer: inout ByteBuffer, at tracer: String, late: Int64, _ writer: PcapNGWriter) {
        head.removeAll()
        if late > 0 {
            head.append("[known late: its time was ")
            head.appendMicroseconds(UInt64(late))
            head.append(" µs before the time shown, which does not go back]\n")
        }
        let start = writer.beginOption(OptionCode.comment, &buffer)
        buffer.append(head)
        buffer.append(comment, first: Self.commentLimit)
        writer.endOption(start, &buffer)
        let story = writer.beginOption(OptionCode.story, &buffer)
        buffer.append("{\"nettrace\":1,\"at\":")
        buffer.appendJSONString(tracer.utf8.span.bytes)
        if late > 0 {
            buffer.append(",\"late_ns\":")
            buffer.appendDecimal(UInt64(late))
        }
        buffer.append(",\"packet\":")
        buffer.append(json)
        buffer.append("}")
        writer.endOption(story, &buffer)
    }

    /// Moves what has been released to the output, after the interfaces that it needs.
    func moveReleased(to buffer: inout ByteBuffer) {
        buffer.append(heads)
        buffer.append(released)
        heads.removeAll()
        released.removeAll()
    }

    /// Leaves room for the note on a late packet.
    private static let commentLimit = OptionCode.longestValue - 200
    /// Bytes of a comment that a verdict takes at most; nettrace's longest ones have a few thousand.
    private static let verdictLimit = 32 << 10
}

extension ByteBuffer {
    fileprivate mutating func append(_ other: borrowing ByteBuffer, first count: Int = .max) {
        append(other.bytes.extracting(first: min(count, other.count)))
    }

    /// Appends whole lines of `text`, at most `room` bytes: if there are more, the middle ones are left out.
    fileprivate mutating func appendLines(of text: RawSpan, room: Int) {
        guard text.byteCount > room else { return append(text) }
        let notice = "[...] the lines in the middle do not fit\n"
        let half = max(0, (room - notice.utf8.count) / 2)
        var head = min(half, text.byteCount)
        while head > 0, text.byte(at: head - 1) != UInt8(ascii: "\n") { head -= 1 }
        var tail = text.byteCount - half
        while tail < text.byteCount, text.byte(at: tail - 1) != UInt8(ascii: "\n") { tail += 1 }
        append(text.extracting(first: head))
        append(contentsOf: notice.utf8)
        append(text.extracting(tail..<text.byteCount))
    }
}

extension RawSpan {
    /// A number in the byte order of the machine. Traps outside the bytes.
    func word(at offset: Int) -> UInt64 { unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    func half(at offset: Int) -> UInt32 { unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self) }
    fileprivate func byte(at offset: Int) -> UInt8 { unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self) }
}
