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

    /// The number of a link type, then a packet, in every form.
    static func packet(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        // Tests/Fuzz/seeds knows the order.
        let links: [LinkType] = [
            .ethernet, .ip, .linuxSLL, .linuxSLL2, .null, .loop, .ipv6, LinkType(rawValue: 253),
            LinkType(rawValue: 127), .fddi,
        ]
        let link = links[Int(input.byte()) % links.count]
        let packet = Array(input.rest)
        let span = packet.span.bytes
        let layers = PacketLayers(
            span, from: .first(ofLinkType: link.rawValue, span), length: packet.count + Int(packet.first ?? 0))
        let view = PacketView(span, wireLength: packet.count + Int(packet.first ?? 0), time: 0, linkType: link)
        var buffer = ByteBuffer(capacity: 4096)
        var text = PacketText(everything, names: SystemNames())
        text.append(view, bytes: span, layers, number: 0, to: &buffer)
        var json = PacketJSON()
        json.append(view, bytes: span, layers, number: 0, to: &buffer)
        var table = TrafficTable()
        table.add(layers, span, length: view.wireLength)
        table.append(to: &buffer)
        buffer.withUnsafeBytes { bytes in
            precondition(bytes.allSatisfy { $0 >= 0x20 || $0 == 0x0a }, "a control character in the output")
        }
    }

    private static let everything = {
        var options = DisplayOptions()
        options.detail = .all
        options.dumpsData = true
        return options
    }()
}
