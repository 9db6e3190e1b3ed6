import ArgumentParser
import KernelAccess
import Rendering

/// Options for the bytes of packets, with tcpdump's letters.
struct PayloadArguments: ParsableArguments {
    @Flag(
        name: .customShort("x"),
        help: "Print each packet's bytes in hex, from the network layer on; -xx: with the link layer's header.")
    var hex: Int

    @Flag(
        name: [.customShort("X"), .customLong("hex")],
        help: "Print them in hex and as characters; -XX: with the link layer's header.")
    var hexAndText: Int

    @Flag(
        name: .customShort("A"),
        help: "Print them as characters, with line ends; -AA: with the link layer's header.")
    var text: Int

    @Option(
        name: .customLong("snapshot-length"),
        help: .init(
            "With -x, -X, -A, --json, --pcapng or -w: at most so many bytes of each packet (tcpdump's -s). 0: as many as possible.",
            valueName: "bytes"))
    var snapshotLength: Int?

    /// Whether records hold the bytes of packets.
    var isWanted: Bool { style != nil || snapshotLength != nil }

    /// As with tcpdump, -X decides before -x, and -x before -A.
    private var style: PayloadForm.Style? {
        if hexAndText > 0 { return .hexAndText }
        if hex > 0 { return .hex }
        return text > 0 ? .text : nil
    }

    private var limit: Int {
        let limit = snapshotLength ?? 0
        return limit == 0 ? PayloadConfiguration.longestSnapshot : limit
    }

    /// nil if the bytes are not shown.
    var form: PayloadForm? {
        guard isWanted else { return nil }
        return PayloadForm(style: style ?? .hex, fromLink: max(hexAndText, hex, text) > 1, limit: limit)
    }

    /// nil if they are not recorded.
    var configuration: PayloadConfiguration? {
        isWanted ? PayloadConfiguration(snapshot: UInt32(limit)) : nil
    }

    func validate() throws {
        let longest = PayloadConfiguration.longestSnapshot
        guard let snapshotLength, !(0...longest ~= snapshotLength) else { return }
        throw ValidationError("--snapshot-length \(snapshotLength): give a number of bytes from 0 to \(longest)")
    }

    /// The option that asks for bytes, as a message names it.
    fileprivate var name: String {
        switch style {
        case .hex: "-x"
        case .hexAndText: "-X"
        case .text: "-A"
        case nil: "--snapshot-length"
        }
    }

    var hasForm: Bool { style != nil }
}

extension EventsRequest {
    /// Refuses the bytes of packets where no packet is shown or recorded.
    func checkPayload() throws {
        let payload = packetFile.isWanted ? ofPacketFile.payload : payload
        guard payload.isWanted else { return }
        let obstacle: String? =
            if packetFile.isWanted {
                nil
            } else if mode == .sockets {
                "an event of a socket has no packet; give -t to trace packets"
            } else if life.latency || life.latencyBetween != nil {
                "--latency shows times, and no packet; use --timeline"
            } else if returns.graph {
                "--graph shows calls; use --timeline --ret"
            } else if !payload.hasForm, !running.json, recordingFile == nil {
                "say how to print the bytes: -x, -X or -A"
            } else if readsRecording, recordingFile != nil {
                "--read with --write copies what was recorded; leave it out"
            } else {
                nil
            }
        if let obstacle { throw ValidationError("\(payload.name): \(obstacle)") }
        guard let ring = limits.ringBytes, let bytes = payload.configuration?.snapshot, ring / 2 < bytes else { return }
        throw ValidationError(
            "--ring-size \(ring >> 10): packets of \(bytes) bytes do not fit; give a larger one, or --snapshot-length \(ring / 2)"
        )
    }
}
