import Rendering
import SystemPackage

/// A capture file that a run writes.
struct PacketFile {
    /// "-": standard output.
    var path: String
    /// Already open; nil: to be created.
    var descriptor: FileDescriptor?
    /// A pipe with a name, which a program reads.
    var isPipe = false
    var settings: PacketFileSettings
    /// The contents of the comments.
    var view: ViewOptions
    /// Whether events are shown as well.
    var shows: Bool

    /// Returns nil if the request asks for none.
    init?(_ request: EventsRequest) throws {
        guard let path = request.packetFile.pcapng else { return nil }
        self.path = path
        shows = request.packetFile.shows
        view = try ViewOptions(request.ofPacketFile)
        let limit = request.payload.isWanted ? request.payload.form?.limit : nil
        settings = PacketFileSettings(
            isCooked: request.packetFile.linkType == .sll2, showsEveryHook: request.packetFile.everyHook,
            texts: request.packetFile.texts?.setting ?? .all, limit: limit ?? .max, isLive: false)
    }

    /// Creates the file. A program that reads it gets each packet soon.
    mutating func open() throws -> OutputSink {
        let sink =
            try descriptor.map { OutputSink(descriptor: $0, name: path) }
            ?? (isPipe ? try OutputSink.pipe(path) : try OutputSink.file(path))
        settings.isLive = !sink.isRegularFile
        return sink
    }
}
