import Protocols
import Text

/// The fields of a header, labelled by the name of the protocol.
struct FrameText {
    let options: DisplayOptions
    let names: SystemNames
    /// The text of a value, kept for its memory.
    private var line = TextLine()

    /// Labels end here.
    private static let indent = 10

    init(_ options: DisplayOptions, _ names: SystemNames) {
        self.options = options
        self.names = names
    }

    static func appendLabel(_ name: String, to buffer: inout ByteBuffer) {
        for _ in 0..<max(0, indent - 2 - name.utf8.count) { buffer.append(UInt8(ascii: " ")) }
        buffer.append(contentsOf: name.utf8)
        buffer.append(":")
    }

    mutating func append(
        _ place: Int, of layers: borrowing PacketLayers, _ packet: RawSpan, to buffer: inout ByteBuffer
    ) {
        let layer = layers.layers[place]
        let kind = layer.kind
        let header = PacketLayers.header(of: layer, in: packet)
        Self.appendLabel(kind.name, to: &buffer)
        var column = max(Self.indent - 1, kind.name.utf8.count + 1)
        var isFirst = true
        var isIncomplete = false
        for (number, entries) in FrameLayout.table[layer.place].enumerated() {
            var beginsLine = number > 0 && !isFirst
            for entry in entries where entry.field.detail <= options.detail {
                line.removeAll()
                appendField(entry, kind, header, &isIncomplete)
                guard !line.bytes.isEmpty else { continue }
                if entry.role == .checksum, let state = layers.checksum(ofLayer: place, in: packet) {
                    line.append(text: " (\(state.rawValue))")
                }
                if !isFirst, beginsLine || column + 1 + line.bytes.count > FrameLayout.width {
                    buffer.append("\n")
                    for _ in 0..<Self.indent - 1 { buffer.append(UInt8(ascii: " ")) }
                    column = Self.indent - 1
                }
                beginsLine = false
                isFirst = false
                buffer.append(UInt8(ascii: " "))
                buffer.append(line.bytes.span.bytes)
                column += 1 + line.bytes.count
            }
        }
        buffer.append("\n")
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

    /// A value by a name, or in the notation of the founding document. Returns false for all others.
    private mutating func appendNamed(
        _ value: UInt128, _ entry: FrameLayout.Entry, _ kind: PacketProtocol
    ) -> Bool {
        switch entry.field.notation {
        case .ethernet: append(MACAddress(bits: UInt64(truncatingIfNeeded: value)))
        case .ipv4, .ipv6:
            guard kind.base == .network, kind.name != "arp", options.protocols.has("hostname", of: kind.name),
                let host = names.host(IPAddress(bits: value, isIPv6: kind.name == "ip6"))
            else { return false }
            line.append(printable: host)
        case .flags(let flags):
            if value == 0 { line.append(text: "0") } else { line.append(flagsOf: value, flags) }
        case .decimal where entry.role == .grouped: line.append(grouped: UInt64(truncatingIfNeeded: value))
        case .decimal where entry.role == .port:
            guard options.protocols.has("portname", of: kind.name),
                let service = names.service(UInt16(truncatingIfNeeded: value), kind.name)
            else { return false }
            line.append(printable: service)
        default: return false
        }
        return true
    }

    /// `8:0:69:2:c:a7/SGI`
    private mutating func append(_ address: MACAddress) {
        if options.protocols.has("hostname", of: "ether"), let name = names.ether(address) {
            return line.append(printable: name)
        }
        for shift in stride(from: UInt64(40), through: 0, by: -8) {
            line.append(hexadecimal: UInt8(truncatingIfNeeded: address.bits >> shift))
            if shift > 0 { line.append(text: ":") }
        }
        guard options.protocols.has("vendor", of: "ether"), let vendor = VendorNames.name(address) else { return }
        line.append(text: "/")
        line.append(text: vendor.description)
    }
}
