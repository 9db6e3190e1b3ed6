import Protocols
import Text

/// The fields of a header, labelled by the name of the protocol.
struct FrameText {
    let options: DisplayOptions
    let names: SystemNames
    let servers: (any NameServing)?
    /// Of the names of servers in `remembered`.
    private var version = 0
    private let plan: FramePlan
    /// `   ether:` for each protocol.
    private let labels: FixedTexts
    private var remembered = RememberedTexts()
    /// The text of a value, kept for its memory.
    var line = TextLine()

    /// Labels end here.
    private static let indent = 10
    private static let lineBreak = ShortText("\n" + String(repeating: " ", count: indent - 1))!

    init(_ options: DisplayOptions, _ names: SystemNames, _ servers: (any NameServing)?) {
        self.options = options
        self.names = names
        self.servers = servers
        plan = FramePlan(options.detail)
        var labels = FixedTexts()
        for kind in ProtocolTable.all { labels.add { Self.appendLabel(kind.name, to: &$0) } }
        self.labels = labels
    }

    /// Forgets texts of addresses whose names have arrived since.
    mutating func followNames() {
        guard let current = servers?.version, current != version else { return }
        version = current
        remembered.removeAll()
    }

    static func appendLabel(_ name: String, to buffer: inout ByteBuffer) {
        for _ in 0..<max(0, indent - 2 - name.utf8.count) { buffer.append(UInt8(ascii: " ")) }
        buffer.append(contentsOf: name.utf8)
        buffer.append(":")
    }

    /// - Parameters:
    ///   - place: of the layer.
    ///   - bytes: the layer's.
    ///   - packet: as it was received, for its checksums.
    mutating func append(
        _ place: Int, of layers: borrowing PacketLayers, _ bytes: RawSpan, packet: RawSpan, to buffer: inout ByteBuffer
    ) {
        let layer = layers.layers[place]
        let header = PacketLayers.header(of: layer, in: bytes)
        var lineStart = buffer.count
        _ = labels.append(layer.place, to: &buffer)
        var isFirst = true
        var beginsLine = false
        var isIncomplete = false
        for index in plan.ranges[layer.place] {
            let step = plan.steps[index]
            if step.beginsLine { beginsLine = true }
            let start = buffer.count
            if step.form == .computed || !appendNumber(step, index, layer, header, to: &buffer) {
                appendComputed(plan.entries[index], place, layers, header, packet, &isIncomplete, to: &buffer)
            }
            guard buffer.count > start else { continue }
            if !isFirst, beginsLine || buffer.count - lineStart > FrameLayout.width {
                buffer.insert(Self.lineBreak, at: start)
                lineStart = start + 1
            }
            beginsLine = false
            isFirst = false
        }
        buffer.append(UInt8(ascii: "\n"))
    }

    /// Appends a number in a fixed place, if the header has it. Returns false if it was not captured.
    @inline(__always)
    private mutating func appendNumber(
        _ step: FramePlan.Step, _ index: Int, _ layer: Layer, _ header: borrowing HeaderBytes,
        to buffer: inout ByteBuffer
    ) -> Bool {
        guard let has = step.condition.holds(for: header) else { return false }
        guard has else { return true }
        var high: UInt64 = 0
        var bit = step.bit
        if step.count > 64 {
            guard let value = header.number(bit: bit, step.count - 64) else { return false }
            high = value
            bit += step.count - 64
        }
        guard let value = header.number(bit: bit, min(step.count, 64)) else { return false }
        switch step.form {
        case .decimal:
            buffer.append(step.label)
            buffer.appendDecimal(value)
        case .grouped:
            buffer.append(step.label)
            buffer.appendGrouped(value)
        case .flag: if value != 0 { buffer.append(step.label) }
        case .remembered, .computed:
            let key = RememberedTexts.Key(step: index, high: high, low: value)
            if !remembered.append(key, to: &buffer) { appendNew(step, layer, key, to: &buffer) }
        }
        return true
    }

    /// Appends a value and remembers its text.
    @inline(never)
    private mutating func appendNew(
        _ step: FramePlan.Step, _ layer: Layer, _ key: RememberedTexts.Key, to buffer: inout ByteBuffer
    ) {
        let start = buffer.count
        let entry = plan.entries[key.step]
        let value = UInt128(key.high) << 64 | UInt128(key.low)
        line.removeAll()
        if !appendNamed(value, entry, layer.kind) { line.append(value, withNameAs: entry.field) }
        buffer.append(step.label)
        buffer.append(line.bytes.span.bytes)
        if let text = ShortText(buffer, from: start) { remembered.remember(text, of: key) }
    }

    @inline(never)
    private mutating func appendComputed(
        _ entry: FrameLayout.Entry, _ place: Int, _ layers: borrowing PacketLayers, _ header: borrowing HeaderBytes,
        _ packet: RawSpan, _ isIncomplete: inout Bool, to buffer: inout ByteBuffer
    ) {
        line.removeAll()
        appendField(entry, layers.layers[place].kind, header, &isIncomplete)
        guard !line.bytes.isEmpty else { return }
        if entry.role == .checksum, let state = layers.checksum(ofLayer: place, in: packet) {
            line.append(text: " (\(state.rawValue))")
        }
        buffer.append(UInt8(ascii: " "))
        buffer.append(line.bytes.span.bytes)
    }

    /// The field in `line`, which stays empty if the header does not have it.
    private mutating func appendField(
        _ entry: FrameLayout.Entry, _ kind: PacketProtocol, _ header: borrowing HeaderBytes, _ isIncomplete: inout Bool
    ) {
        let field = entry.field
        let reading = field.read(header)
        switch reading {
        case .absent: return
        case .truncated where field.fixedBits == nil, .malformed:
            // Whether the header has such a field is not known either.
            guard !isIncomplete else { return }
            isIncomplete = true
            return line.append(text: reading == .malformed ? "[malformed]" : "[truncated]")
        case .truncated: isIncomplete = true
        case .number(let value):
            if case .flag = field.notation {
                // A bit is named where it is set.
                if value != 0 { line.append(text: entry.name) }
                return
            }
        case .bytes: break
        }
        line.append(text: entry.name)
        line.append(text: " ")
        if field.isRepeated { return line.append(valuesOf: field, of: header) }
        if let value = reading.number, appendNamed(value, entry, kind) { return }
        line.append(reading, as: field, of: header)
    }
}
