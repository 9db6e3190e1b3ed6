import Glibc
import SystemPackage
import Testing

@testable import Recording

/// Files in a directory of their own.
@Suite final class FileTests {
    private let directory: FilePath

    init() throws {
        var template = Array("\(P_tmpdir)/nettrace-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        directory = FilePath(platformString: template)
    }

    deinit {
        for name in ["file", "link", "pipe"] { unlink(directory.appending(name).string) }
        rmdir(directory.string)
    }

    private func path(_ name: String) -> FilePath { directory.appending(name) }

    private func mode(_ path: FilePath) -> mode_t {
        var status = stat()
        return lstat(path.string, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func writesWhatCanBeReadAndOnlyByItsOwner() throws {
        let output = try RecordingFile.create(path("file"))
        var writer = try RecordingWriter(makeHeader(), to: output)
        #expect(mode(path("file")) == 0o600)
        var asked: [Bool] = []
        for address in [symbol.address, symbol.address, 0] { asked.append(writer.needsSymbol(of: address)) }
        #expect(asked == [true, false, false])
        writer.append(symbol)
        try writer.append(record: makeRecord(1).span.bytes)
        #expect(writer.written == 0)
        try writer.flush()
        #expect(writer.written == 1)

        // The file that a crash would leave.
        let early = try RecordingFile.open(path("file"))
        let left = Contents(source: early)
        #expect(left.records == [makeRecord(1)])
        #expect(left.symbols == [symbol])
        guard case .damaged(.unfinished, _, 1) = left.error else {
            Issue.record("\(String(describing: left.error))")
            return
        }
        try early.close()

        try writer.append(record: makeRecord(2).span.bytes)
        try writer.finish(accounting)
        #expect(writer.written == 2)
        #expect(writer.oversized == 0)
        try output.close()
        let input = try RecordingFile.open(path("file"))
        let contents = Contents(source: input)
        try input.close()
        #expect(contents.error == nil)
        #expect(contents.records == [makeRecord(1), makeRecord(2)])
        #expect(contents.accounting == accounting)
    }

    @Test func namesAreWrittenOnceAndWhenTheyChange() throws {
        let output = try RecordingFile.create(path("file"))
        var writer = try RecordingWriter(makeHeader(), to: output)
        var child = socketOwner
        child.pid = 813
        for owner in [socketOwner, socketOwner, child, child, socketOwner] { writer.append(owner) }
        var asked: [Bool] = []
        asked.append(writer.needsCgroup(cgroup.id))
        writer.append(cgroup)
        asked.append(writer.needsCgroup(cgroup.id))
        #expect(asked == [true, false])
        try writer.finish(accounting)
        try output.close()
        let input = try RecordingFile.open(path("file"))
        let contents = Contents(source: input)
        try input.close()
        #expect(contents.error == nil)
        #expect(contents.socketOwners == [socketOwner, child, socketOwner])
        #expect(contents.cgroups == [cgroup])
    }

    @Test func replacesRegularFiles() throws {
        let old = try FileDescriptor.open(path("file"), .writeOnly, options: .create, permissions: [.ownerReadWrite])
        try old.writeAll([UInt8](repeating: 1, count: 100_000))
        try old.close()
        try RecordingFile.create(path("file")).close()
        let new = try RecordingFile.open(path("file"))
        #expect(Contents(source: new).error == .empty)
        try new.close()
    }

    @Test func replacesNothingElse() throws {
        let target = try RecordingFile.create(path("file"))
        try target.writeAll([1])
        try target.close()
        try #require(symlink(path("file").string, path("link").string) == 0)
        try #require(mkfifo(path("pipe").string, 0o600) == 0)
        for other in [path("link"), path("pipe"), "/dev/null"] {
            #expect(throws: RecordingError.notARegularFile) { _ = try RecordingFile.create(other) }
        }
        #expect(throws: RecordingError.cannotOpen(.isDirectory)) { _ = try RecordingFile.create(self.directory) }
        let input = try RecordingFile.open(path("file"))
        #expect(Contents(source: input).error == .notARecording)
        try input.close()
    }

    @Test func leavesFilesWithASecondNameAlone() throws {
        let target = try RecordingFile.create(path("file"))
        try target.writeAll([1])
        try target.close()
        try #require(link(path("file").string, path("second").string) == 0)
        #expect(throws: RecordingError.notOurs) { _ = try RecordingFile.create(self.path("second")) }
        let input = try RecordingFile.open(path("file"))
        #expect(Contents(source: input).error == .notARecording)
        try input.close()
    }

    @Test(arguments: [
        // owner of the file, names, mode of the folder
        (1000, 1, 0o1777, true), (0, 1, 0o1777, false), (0, 1, 0o775, false), (0, 1, 0o755, true),
        (1000, 2, 0o755, false),
    ])
    func takesNoFileThatSomebodyLaidOut(_ owner: uid_t, _ names: Int, _ mode: mode_t, _ isOurs: Bool) {
        var file = stat()
        var folder = stat()
        file.st_uid = owner
        file.st_nlink = nlink_t(names)
        folder.st_mode = S_IFDIR | mode
        #expect(RecordingFile.isOurs(file, in: folder, user: 1000) == isOurs)
    }

    @Test func aMissingFileIsNamedSo() {
        #expect(throws: RecordingError.cannotOpen(.noSuchFileOrDirectory)) {
            _ = try RecordingFile.open(self.path("file"))
        }
    }

    @Test func aFullDiskIsAnErrorThatSaysWhatIsLeft() throws {
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        defer { try? full.close() }
        #expect(throws: RecordingError.cannotWrite(.noSpace)) { _ = try RecordingWriter(makeHeader(), to: full) }
    }

    @Test func dashMeansTheStandardStreams() throws {
        #expect(try RecordingFile.create("-") == .standardOutput)
        #expect(try RecordingFile.open("-") == .standardInput)
    }
}
