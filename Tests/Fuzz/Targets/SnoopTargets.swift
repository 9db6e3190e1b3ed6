import CaptureFiles
import FilterLanguage
import Protocols
import Snoop
import Text

/// Filters and packets of netsnoop.
enum SnoopTargets {
    /// A filter up to a NUL, then a packet. The corrected filter needs no correction and means the same.
    static func filter(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        let text = input.text()
        guard let filter = try? Filter(text) else { return }
        let packet = Array(input.rest)
        let layers = PacketLayers(packet.span.bytes, from: .link(1))
        var evaluator = FilterEvaluator(filter.expression)
        let answer = evaluator.matches(layers, packet.span.bytes)
        guard let corrected = filter.corrected else { return }
        guard let again = try? Filter(corrected) else { fatalError("the corrected filter has an error: \(corrected)") }
        precondition(again.corrected == nil, "corrected twice: \(corrected)")
        var second = FilterEvaluator(again.expression)
        precondition(second.matches(layers, packet.span.bytes) == answer, "another meaning: \(corrected)")
    }

    /// The number of a link type, then packets, in every form.
    static func packet(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        // Tests/Fuzz/seeds knows the order.
        let links: [LinkType] = [
            .ethernet, .ip, .linuxSLL, .linuxSLL2, .null, .loop, .ipv6, LinkType(rawValue: 253),
            LinkType(rawValue: 127), .fddi,
        ]
        let choice = Int(input.byte())
        let link = links[choice % links.count]
        var rest = Array(input.rest)[...]
        var buffer = ByteBuffer(capacity: 4096)
        var text = PacketText(everything, names: SystemNames())
        var json = PacketJSON()
        var table = TrafficTable()
        var stream = StreamText()
        var dissection = Dissection(analyses: true)
        // One packet, or several, which may be parts of one: as long as the first byte of each says.
        let isOne = choice / links.count % 2 == 0
        repeat {
            let packet = isOne ? Array(rest) : Array(rest.prefix(max(1, Int(rest.first ?? 0))))
            rest = rest.dropFirst(packet.count)
            let span = packet.span.bytes
            let length = packet.count + Int(packet.first ?? 0)
            let view = PacketView(span, wireLength: length, time: 0, linkType: link)
            let first = ProtocolNumber.first(ofLinkType: link.rawValue, span)
            dissection.take(span, from: first, wireLength: length, time: Int64(rest.count))
            let bytes = dissection.bytes(of: span)
            text.append(view, bytes: bytes, dissection.layers, number: 0, to: &buffer)
            json.append(view, bytes: bytes, dissection.layers, number: 0, to: &buffer)
            table.add(dissection.layers, bytes.decoded, length: view.wireLength)
            stream.append(dissection.layers, bytes.decoded, matches: true, to: &buffer)
        } while !rest.isEmpty
        table.append(to: &buffer)
        stream.finish(to: &buffer)
        buffer.withUnsafeBytes { bytes in
            let isText = bytes.allSatisfy { $0 >= 0x20 || $0 == 0x0a || $0 == 0x09 }
            precondition(isText, "a control character in the output")
        }
    }

    private static let everything = {
        var options = DisplayOptions()
        options.detail = .all
        options.dumpsData = true
        return options
    }()
}
