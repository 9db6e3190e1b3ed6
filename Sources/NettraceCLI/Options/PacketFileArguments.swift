import ArgumentParser
import Rendering

/// Options for a capture file of the packets.
struct PacketFileArguments: ParsableArguments {
    @Option(
        help: .init(
            "Write the packets to a pcapng file instead of showing events: once per device, each with its path through the kernel and its verdict as a comment; '-': standard output.",
            valueName: "file"))
    var pcapng: String?

    @Flag(
        name: .customLong("print"),
        help: "With --pcapng: show the events, too, in the view that the other options choose.")
    var shows = false

    @Flag(help: "With --pcapng: each packet once per event, as it was there, instead of once per device.")
    var everyHook = false

    @Option(
        name: .customLong("linktype"),
        help: .init(
            "With --pcapng: device: as each device has its packets; sll2: one type for all (Linux cooked v2), which tcpdump needs if devices differ.",
            valueName: "type"))
    var linkType: LinkForm?

    @Option(
        name: .customLong("comments"),
        help: .init(
            "With --pcapng: the texts beside each packet: all; path: its end, verdict and path, a tenth as long, without JSON; none.",
            valueName: "texts"))
    var texts: Texts?

    enum LinkForm: String, CaseIterable, ExpressibleByArgument {
        case device, sll2
    }

    enum Texts: String, CaseIterable, ExpressibleByArgument {
        case all, path, none

        var setting: PacketFileSettings.Texts {
            switch self {
            case .all: .all
            case .path: .path
            case .none: .none
            }
        }
    }

    var isWanted: Bool { pcapng != nil }

    func validate() throws {
        guard let pcapng else {
            let others = [
                (shows, "--print"), (everyHook, "--every-hook"), (linkType != nil, "--linktype"),
                (texts != nil, "--comments"),
            ]
            guard let other = others.first(where: { $0.0 })?.1 else { return }
            throw ValidationError("\(other) is for capture files: give --pcapng FILE with it")
        }
        guard pcapng == "-" else { return }
        if shows {
            throw ValidationError("--print shows events on standard output; name a file with --pcapng instead of '-'")
        }
        if OutputSink.standardOutput.isTerminal {
            throw ValidationError(
                "--pcapng -: standard output is a terminal, and a capture is not text; redirect it, or name a file")
        }
    }
}

extension EventsRequest {
    /// The request for the packets of a capture file: each as a whole, judged, with its bytes.
    var ofPacketFile: EventsRequest {
        var request = self
        request.life.timeline = true
        request.life.follow = false
        request.life.latency = false
        request.life.latencyBetween = nil
        request.returns.graph = false
        request.running.messages.json = false
        if !diagnosis.isWanted, packetFile.texts != PacketFileArguments.Texts.none { request.diagnosis.diagKeep = true }
        if output.columns.isEmpty { request.output.columns = ["pid,if,container"] }
        if !payload.isWanted, !readsRecording { request.payload.snapshotLength = 0 }
        return request
    }

    /// Refuses what makes no capture file of packets.
    func checkPacketFile() throws {
        guard packetFile.isWanted else { return }
        let obstacle: String? =
            if recordingFile != nil {
                "--write makes a recording; record first, then write the packets with nettrace export"
            } else if drops != nil {
                "--drop sees the end of packets alone; --diag-quiet --diag-keep writes the packets that are lost"
            } else if mode.showsSockets {
                "\(monitoring.monitor ? "--monitor" : "--sock") shows events of sockets, which have no bytes"
            } else if !packetFile.shows, let view = shownView {
                "leave out \(view), which chooses how events are shown, or give --print to show them as well"
            } else {
                nil
            }
        if let obstacle { throw ValidationError("--pcapng: \(obstacle)") }
    }

    /// The option that chooses a view; nil if none is given, or the one that a capture file's comments have anyway.
    private var shownView: String? {
        let views = [
            (running.json, "--json"), (returns.graph, "--graph"), (life.follow, "--follow"),
            (life.latency || life.latencyBetween != nil, "--latency"), (payload.hasForm, "-x, -X and -A"),
        ]
        return views.first { $0.0 }?.1
    }
}
