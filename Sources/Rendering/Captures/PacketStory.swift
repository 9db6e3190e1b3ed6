import CaptureFiles
import Text

/// The text beside a packet: comments for people, and JSON for programs. Both go to all of the packet's blocks.
///
/// While a packet waits for its verdict, it is bytes in the output's buffer, as any view's text: its path in few words, its
/// block of a timeline, JSON, blocks without these, and the sizes of all.
final class PacketStory {
    /// Sizes at the end of a waiting packet, in bytes.
    struct Sizes {
        var path = 0
        var timeline = 0
        var json = 0
        var blocks = 0
        /// Events of the packet.
        var events = 0

        /// Bytes that the sizes take.
        static let size = 40
        var sum: Int { path + timeline + json + blocks }

        init() {}

        /// The sizes at the end of a buffer.
        init(endOf bytes: RawSpan) {
            let start = bytes.byteCount - Self.size
            path = Int(bytes.word(at: start))
            timeline = Int(bytes.word(at: start + 8))
            json = Int(bytes.word(at: start + 16))
            blocks = Int(bytes.word(at: start + 24))
            events = Int(bytes.word(at: start + 32))
        }

        func append(to buffer: inout ByteBuffer) {
            for size in [path, timeline, json, blocks, events] { buffer.append(UInt64(size), size: 8) }
        }
    }

    /// The verdict on the packet that ends next, as text and as members of its JSON object.
    var verdict = ByteBuffer(capacity: 4 << 10)
    var verdictJSON = ByteBuffer(capacity: 4 << 10)
    /// Short comments of that packet, one per line; the long one; its JSON.
    private var notes = ByteBuffer(capacity: 4 << 10)
    private var comment = ByteBuffer(capacity: 8 << 10)
    private var json = ByteBuffer(capacity: 8 << 10)
    /// Memory for the head of an option.
    private var head = ByteBuffer(capacity: 256)
    /// Descriptions of interfaces that are not in the file yet.
    var heads = ByteBuffer(capacity: 1 << 10)

    private let texts: PacketFileSettings.Texts

    init(_ texts: PacketFileSettings.Texts) { self.texts = texts }

    /// Completes comments and JSON of the packet whose parts stand at `start` in `bytes`.
    func complete(_ bytes: RawSpan, _ sizes: Sizes, from start: Int) {
        notes.removeAll()
        comment.removeAll()
        json.removeAll()
        guard texts != .none else { return }
        let text = bytes.extracting(start + sizes.path..<start + sizes.path + sizes.timeline)
        verdict.trimLineEnds()
        notes.appendEnding(of: text)
        notes.appendItems(of: verdict)
        notes.append(bytes.extracting(start..<start + sizes.path))
        if texts == .all { completeLongTexts(bytes, sizes, from: start, text) }
        verdict.removeAll()
        verdictJSON.removeAll()
    }

    private func completeLongTexts(_ bytes: RawSpan, _ sizes: Sizes, from start: Int, _ text: RawSpan) {
        let room = max(0, OptionCode.longestValue - min(verdict.count, Self.verdictLimit))
        comment.appendLines(of: text, room: room)
        comment.append(verdict, first: Self.verdictLimit)
        comment.trimLineEnds()
        let object = start + sizes.path + sizes.timeline
        json.append(bytes.extracting(object..<object + sizes.json))
        json.append(verdictJSON)
        json.append("}")
    }

    /// Appends comment and JSON as options of a packet's block.
    ///
    /// - Parameters:
    ///   - tracer: where the packet had the block's bytes.
    ///   - late: nanoseconds that the block's time was moved on.
    func append(to buffer: inout ByteBuffer, at tracer: String, late: Int64, _ writer: PcapNGWriter) {
        guard texts != .none else { return }
        head.removeAll()
        if late > 0 {
            head.append("[known late: its time was ")
            head.appendMicroseconds(UInt64(late))
            head.append(" µs before the time shown, which does not go back]")
        }
        appendComment(head, writer, &buffer)
        appendNotes(writer, &buffer)
        appendComment(comment, writer, &buffer)
        guard !json.isEmpty else { return }
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

    private func appendComment(_ text: borrowing ByteBuffer, _ writer: PcapNGWriter, _ buffer: inout ByteBuffer) {
        let start = writer.beginOption(OptionCode.comment, &buffer)
        buffer.append(text)
        writer.endOption(start, &buffer)
    }

    private func appendNotes(_ writer: PcapNGWriter, _ buffer: inout ByteBuffer) {
        notes.forEachLine { line in
            let start = writer.beginOption(OptionCode.comment, &buffer)
            buffer.append(line)
            writer.endOption(start, &buffer)
        }
    }

    /// Moves the descriptions of interfaces to the output.
    func moveHeads(to buffer: inout ByteBuffer) {
        buffer.append(heads)
        heads.removeAll()
    }

    /// Bytes of a comment that a verdict takes at most; nettrace's longest ones have a few thousand.
    private static let verdictLimit = 32 << 10
}

extension ByteBuffer {
    fileprivate func forEachLine(_ body: (RawSpan) -> Void) { bytes.forEachLine(body) }

    /// Appends the line on the packet's ending, without its mark; nothing if there is none.
    fileprivate mutating func appendEnding(of timeline: RawSpan) {
        let start = count
        timeline.forEachLine { line in
            guard line.byteCount > 2, line.byte(at: 0) == UInt8(ascii: "="), line.byte(at: 1) == UInt8(ascii: " ")
            else { return }
            truncate(to: start)
            append(line.extracting(droppingFirst: 2))
            append("\n")
        }
    }

    /// Appends a verdict's text with one line per item: lines that are indented deeper go on with the item before.
    fileprivate mutating func appendItems(of verdict: borrowing ByteBuffer) {
        verdict.forEachLine { line in
            var indent = 0
            while indent < line.byteCount, line.byte(at: indent) == UInt8(ascii: " ") { indent += 1 }
            if indent > 4 {
                truncate(to: count - 1)
                append("; ")
            }
            append(line.extracting(droppingFirst: indent))
            append("\n")
        }
    }

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
    /// Passes on each line without its end, empty ones too, but for what is empty after the last end.
    fileprivate func forEachLine(_ body: (RawSpan) -> Void) {
        var start = 0
        for index in 0..<byteCount where byte(at: index) == UInt8(ascii: "\n") {
            body(extracting(start..<index))
            start = index + 1
        }
        if start < byteCount { body(extracting(start..<byteCount)) }
    }

    /// A number in the byte order of the machine. Traps outside the bytes.
    func word(at offset: Int) -> UInt64 { unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    func half(at offset: Int) -> UInt32 { unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self) }
    fileprivate func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
    }
}
