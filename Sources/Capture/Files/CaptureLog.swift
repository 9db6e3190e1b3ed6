import CaptureFiles
import Glibc
public import SystemPackage
import Text

/// The file, or the files, of a capture: packets are appended as records, and full files give way to new ones without a
/// packet between them being lost.
public struct CaptureLog: ~Copyable {
    public struct Settings: Sendable {
        public var path: FilePath
        public var format = LogFormat.pcapng
        public var rotation = LogRotation()
        public var snapLength = CaptureSettings.snapLimit
        /// The program, for the file's section.
        public var application = "nettrace"
        /// The files belong to this user.
        public var owner: LogOwner?

        public init(path: FilePath) { self.path = path }
    }

    private let settings: Settings
    private let folder: LogFolder
    private let baseName: String
    private var file: LogFile
    private var encoder: PacketEncoder
    private var buffer = ByteBuffer()
    /// Whether the buffer begins with a record, not with the header of a file.
    private var startsWithRecord: Bool
    /// Packets of the file, written or in the buffer.
    private var fileCount: UInt64 = 0
    private var fileNumber = 1
    private var fileStart = seconds()
    private var names: [String]
    /// Losses before the file, and those that the file reports.
    private var lostBefore: UInt64 = 0
    private var lostReported: UInt64 = 0

    /// Packets that were taken, and those whose device has no number in the format.
    public private(set) var count: UInt64 = 0
    public var left: UInt64 { encoder.left }
    /// Remarks on what was found at the start.
    public private(set) var notes: [String] = []

    /// Bytes to collect for one write: they are still in the processor's cache when the kernel copies them.
    private static let pieceSize = 64 << 10
    /// More than a record has besides the packet.
    private static let recordOverhead = 64

    /// Opens or makes the file. Nothing is made if it cannot be used.
    public init(_ settings: Settings) throws(LogFailure) {
        let name = settings.path.lastComponent?.string ?? ""
        let folder = try LogFolder(of: settings.path)
        try Self.requireLocal(folder, name, settings.path.string)
        if let owner = settings.owner, settings.rotation.isNeeded, !folder.isWritable(by: owner) {
            throw .cannotRotate(path: settings.path.string, user: owner.user)
        }
        var notes: [String] = []
        if folder.type == .user {
            notes.append("\(settings.path) is on a FUSE file system, whose server can delay writing")
        }
        let file = try Self.first(settings, folder, name)
        if file.removed > 0 {
            notes.append("\(settings.path) ended inside a record, whose \(file.removed) bytes were removed")
        }
        if let owner = settings.owner { try file.give(to: owner) }
        encoder = PacketEncoder(
            settings.format, snapLength: settings.snapLength, isNanoseconds: file.isNanoseconds,
            application: settings.application)
        encoder.begin(isNewFile: file.isNew, to: &buffer)
        startsWithRecord = buffer.isEmpty
        self.settings = settings
        self.folder = folder
        self.file = file
        self.notes = notes
        baseName = name
        names = [file.name]
    }

    /// Whether the files that follow can be made only with CAP_DAC_OVERRIDE.
    public var needsOverride: Bool { settings.rotation.isNeeded && folder.isForeign && !folder.isShared }

    /// Names that the format cannot have, and those that it has instead.
    public var renamed: [(name: String, short: String)] {
        encoder.renamed.sorted { $0.value < $1.value }.map { ($0.key, $0.value) }
    }

    /// Appends the source's packet. It is in the file after `flush`.
    public mutating func append(_ source: borrowing CaptureSource) throws(LogFailure) {
        if let limit = settings.rotation.size, fileCount > 0 {
            let next = file.size + UInt64(buffer.count + source.header.captured + Self.recordOverhead)
            if next > limit { try rotate(source) }
        }
        encoder.append(source, to: &buffer)
        fileCount += 1
        count += 1
        if buffer.count >= Self.pieceSize { try flush() }
    }

    /// Appends the source's packet and those after it that need not be waited for, at most `limit`, from 1 on.
    public mutating func appendReady(_ source: inout CaptureSource, limit: UInt64) throws {
        var left = limit
        repeat {
            try append(source)
            left -= 1
        } while try left > 0 && !source.isDrained && source.next(waiting: 0)
    }

    /// Writes what was appended.
    public mutating func flush() throws(LogFailure) {
        guard !buffer.isEmpty else { return }
        defer {
            buffer.removeAll()
            startsWithRecord = true
        }
        try file.append(buffer, startsWithRecord: startsWithRecord, settings.format)
    }

    /// Looks after the file between packets: its age, its losses, its existence.
    ///
    /// - Parameter lost: packets since the start of the capture that found no room.
    public mutating func check(lost: UInt64, _ source: borrowing CaptureSource) throws(LogFailure) {
        if let limit = settings.rotation.seconds, Self.seconds() - fileStart >= limit {
            try rotate(source)
        }
        if lost > lostReported {
            lostReported = lost
            encoder.appendStatistics(lost: lost - lostBefore, time: Self.wallTime(), source, to: &buffer)
        }
        guard !file.hasName else { return }
        guard folder.exists else { throw .folderRemoved(path: settings.path.string) }
        notes.append("\(file.name) was removed; another file of this name continues")
        try replace(with: file.name, isNew: true)
    }

    /// Remarks since the last call.
    public mutating func takeNotes() -> [String] {
        defer { notes.removeAll() }
        return notes
    }

    /// Ends the file with its counts. All that was appended is then on the disk.
    public mutating func finish(lost: UInt64, _ source: borrowing CaptureSource) throws(LogFailure) {
        lostReported = lost
        encoder.appendStatistics(lost: lost - lostBefore, time: Self.wallTime(), source, to: &buffer)
        try flush()
        try file.synchronise()
    }

    private mutating func rotate(_ source: borrowing CaptureSource) throws(LogFailure) {
        try finish(lost: lostReported, source)
        lostBefore = lostReported
        switch settings.rotation.kind {
        case .none, .numbered: break
        case .old: try Self.retire(baseName, folder, settings.path.string)
        }
        fileNumber += 1
        try replace(with: Self.name(baseName, settings.rotation, fileNumber), isNew: true)
        guard case .numbered(let kept) = settings.rotation.kind, kept > 0 else { return }
        names.append(file.name)
        if names.count > kept { folder.remove(names.removeFirst()) }
    }

    private mutating func replace(with name: String, isNew: Bool) throws(LogFailure) {
        file = try LogFile(
            name, in: folder, path: settings.path.string, format: settings.format, isNew: isNew)
        buffer.removeAll()
        startsWithRecord = false
        encoder.begin(isNewFile: true, to: &buffer)
        fileCount = 0
        fileStart = Self.seconds()
    }

    /// The file of the start.
    private static func first(
        _ settings: Settings, _ folder: LogFolder, _ name: String
    ) throws(LogFailure) -> LogFile {
        let path = settings.path.string
        func open(isNew: Bool) throws(LogFailure) -> LogFile {
            try LogFile(
                Self.name(name, settings.rotation, 1), in: folder, path: path, format: settings.format, isNew: isNew)
        }
        guard settings.rotation.kind == .old else { return try open(isNew: settings.rotation.kind != .none) }
        let existing = try open(isNew: false)
        guard !existing.isNew else { return existing }
        try retire(name, folder, path)
        return try open(isNew: true)
    }

    private static func retire(_ name: String, _ folder: LogFolder, _ path: String) throws(LogFailure) {
        do { try folder.rename(name, to: name + ".old") } catch { throw .cannotWrite(path: path + ".old", error) }
    }

    /// Refuses file systems of other machines, before a file is made.
    static func requireLocal(_ folder: LogFolder, _ name: String, _ path: String) throws(LogFailure) {
        var type = folder.type
        if let file = folder.existing(name) {
            type = FileSystemType(of: file.rawValue)
            try? file.close()
        }
        if case .network(let system) = type { throw .networkFileSystem(path: path, type: system) }
    }

    private static func name(_ base: String, _ rotation: LogRotation, _ number: Int) -> String {
        guard case .numbered = rotation.kind else { return base }
        var text = ByteBuffer(capacity: 64)
        var date = DateText(separator: 0x20, isLocal: true)
        _ = date.append(wallTime(), to: &text)
        let digits = text.bytes.withUnsafeBytes { $0.filter { 0x30...0x39 ~= $0 } }
        return LogRotation.name(base, number: number, time: String(decoding: digits, as: UTF8.self))
    }

    private static func wallTime() -> Int64 { nanoseconds(CLOCK_REALTIME) }

    /// Of a clock that cannot be set.
    private static func seconds() -> Double { Double(nanoseconds(CLOCK_MONOTONIC)) / 1e9 }
}

/// A clock of clock_gettime(2).
func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
