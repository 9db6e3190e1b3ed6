import CaptureFiles
import Glibc
import SystemPackage
import Testing
import Text

@testable import Capture

/// Files of captures: continued, rotated, refused. Needs root.
@Suite(.enabled(if: PrivateNetwork.isPossible, "needs root")) struct CaptureLogTests {
    private static let type: UInt16 = 0x88b5

    /// A folder for one test.
    private final class Folder {
        let path: FilePath

        init() throws {
            var template = Array("/tmp/capture-log-XXXXXX".utf8CString)
            try #require(mkdtemp(&template) != nil)
            path = FilePath(String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }

        deinit { for name in names + [""] { remove(path.appending(name).string) } }

        var names: [String] {
            guard let stream = opendir(path.string) else { return [] }
            defer { closedir(stream) }
            var names: [String] = []
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if !name.hasPrefix(".") { names.append(name) }
            }
            return names.sorted()
        }

        func file(_ name: String = "trace") -> FilePath { path.appending(name) }

        func write(_ bytes: [UInt8], to name: String = "trace") throws {
            let file = try FileDescriptor.open(
                file(name), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
            try file.closeAfter { _ = try file.writeAll(bytes) }
        }

        func bytes(_ name: String = "trace") throws -> [UInt8] {
            let file = try FileDescriptor.open(file(name), .readOnly)
            return try file.closeAfter {
                let size = Int(try file.seek(offset: 0, from: .end))
                try file.seek(offset: 0, from: .start)
                return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            }
        }
    }

    /// The numbers in the packets of a file.
    private func numbers(_ file: FilePath) throws -> [UInt8] {
        var reader = try CaptureReader(path: file)
        var numbers: [UInt8] = []
        while try reader.next() { numbers.append(reader.packet.bytes.withUnsafeBytes { $0[14] }) }
        return numbers
    }

    /// Captures frames with these numbers on `right`.
    @discardableResult
    private func capture(
        _ numbers: [UInt8], _ settings: CaptureLog.Settings, size: Int = 100, between: (UInt8) throws -> Void = { _ in }
    ) throws -> UInt64 {
        var capture = CaptureSettings()
        capture.interface = "right"
        capture.latency = 10
        capture.ringBytes = 2 << 20
        var source = try CaptureSource(capture)
        var log = try CaptureLog(settings)
        let sender = try FrameSender("left")
        for number in numbers {
            try sender.send(Frame.broadcast(Self.type, number: number, size: size))
            guard try source.next(waiting: 1000) else { continue }
            try log.append(source)
            try log.flush()
            try between(number)
            try log.check(lost: 0, source)
        }
        source.stop()
        while try source.next(waiting: 0) { try log.append(source) }
        try log.finish(lost: try source.counts().lost, source)
        return log.count
    }

    @Test(arguments: [LogFormat.pcapng, .pcap(.ethernet), .iptrace2]) func aTraceIsContinued(format: LogFormat) throws {
        let folder = try Folder()
        var settings = CaptureLog.Settings(path: folder.file())
        settings.format = format
        try PrivateNetwork.run { [settings] in
            try capture([1, 2], settings)
            // A killed writer leaves part of a record.
            let whole = try folder.bytes()
            try capture([3], settings)
            try folder.write(Array(try folder.bytes().dropLast(format == .pcapng ? 90 : 10)))
            try capture([4], settings)
            #expect(try numbers(folder.file()) == [1, 2, 4])
            #expect(try folder.bytes().starts(with: whole))
        }
        var status = stat()
        #expect(stat(folder.file().string, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test func foreignFilesAreLeftAsTheyAre() throws {
        let folder = try Folder()
        let settings = CaptureLog.Settings(path: folder.file())
        let samples: [(bytes: [UInt8], isUnreadable: Bool)] = [
            (Array("127.0.0.1 localhost\n".utf8), false), (Array("hello".utf8), true),
            ([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 12) + [1, 0, 0, 0], false),
            ([0x0a, 0x0d, 0x0d, 0x0a] + [UInt8](repeating: 7, count: 40), true),
        ]
        for (bytes, isUnreadable) in samples {
            try folder.write(bytes)
            do throws(LogFailure) {
                _ = try CaptureLog(settings)
                Issue.record("continued")
            } catch {
                switch error {
                case .unreadable: #expect(isUnreadable)
                case .notContinuable: #expect(!isUnreadable)
                default: Issue.record("\(error)")
                }
            }
            #expect(try folder.bytes() == bytes)
        }
        #expect(symlink("trace", folder.file("link").string) == 0)
        #expect(throws: LogFailure.cannotOpen(path: folder.file("link").string, .tooManySymbolicLinkLevels)) {
            _ = try CaptureLog(CaptureLog.Settings(path: folder.file("link")))
        }
    }

    @Test func aFullFileBecomesTheOldOne() throws {
        let folder = try Folder()
        var settings = CaptureLog.Settings(path: folder.file())
        settings.rotation.kind = .old
        settings.rotation.size = 4000
        try PrivateNetwork.run { [settings] in
            try capture([100], settings)
            try capture(Array(0..<5), settings, size: 1000)
        }
        #expect(folder.names == ["trace", "trace.old"])
        #expect(try numbers(folder.file("trace.old")) + numbers(folder.file()) == Array(0..<5))
        for name in folder.names { #expect(try folder.bytes(name).count <= 4000) }
    }

    @Test func numberedFilesAreKeptAsWanted() throws {
        let folder = try Folder()
        var settings = CaptureLog.Settings(path: folder.file("trace.pcapng"))
        settings.rotation.kind = .numbered(kept: 2)
        settings.rotation.size = 1500
        try PrivateNetwork.run { [settings] in try capture(Array(0..<5), settings, size: 1000) }
        #expect(folder.names.map { $0.prefix(12) } == ["trace_00004_", "trace_00005_"])
        #expect(
            folder.names.allSatisfy {
                $0.hasSuffix(".pcapng") && $0.utf8.count == "trace_00004_20261129004500.pcapng".utf8.count
            })
        #expect(try folder.names.flatMap { try numbers(folder.file($0)) } == [3, 4])
    }

    @Test func aRemovedFileIsMadeAnew() throws {
        let folder = try Folder()
        try PrivateNetwork.run {
            try capture([1, 2, 3], CaptureLog.Settings(path: folder.file())) { number in
                if number == 2 { unlink(folder.file().string) }
            }
        }
        #expect(try numbers(folder.file()) == [3])
    }

    @Test func aFullDiskEndsTheFileWithAWholeRecord() throws {
        let folder = try Folder()
        try PrivateNetwork.run {
            try #require(mount("tmpfs", folder.path.string, "tmpfs", 0, "size=64k") == 0)
            defer { umount(folder.path.string) }
            var failure: LogFailure?
            do { try capture(Array(0..<200), CaptureLog.Settings(path: folder.file()), size: 1000) } catch {
                failure = error as? LogFailure
            }
            #expect(failure == .cannotWrite(path: folder.file().string, .noSpace))
            let count = try numbers(folder.file()).count
            #expect(count > 50 && count < 65)
        }
    }

    @Test func namesThatDoNotFitAreMapped() throws {
        let folder = try Folder()
        var settings = CaptureLog.Settings(path: folder.file())
        settings.format = .iptrace2
        try PrivateNetwork.run { [settings] in try capture([7], settings) }
        let reader = try CaptureReader(path: folder.file())
        #expect(reader.format == .iptrace2)
        #expect(try numbers(folder.file()) == [7])
    }
}

/// What needs neither files nor a network.
@Suite struct LogFormatTests {
    @Test func theNamesOfFilesAreThoseOfDumpcap() {
        #expect(LogRotation.name("a/b.pcapng", number: 1, time: "20261129004500") == "a/b_00001_20261129004500.pcapng")
        #expect(LogRotation.name("trace", number: 123_456, time: "x") == "trace_23456_x")
        #expect(LogRotation.name(".hidden", number: 2, time: "x") == ".hidden_00002_x")
    }

    @Test func theFileSystemsOfOtherMachinesAreKnown() {
        #expect(FileSystemType(number: 0x6969) == .network("NFS"))
        #expect(FileSystemType(number: 0xff53_4d42) == .network("CIFS"))
        #expect(FileSystemType(number: 0xfe53_4d42) == .network("SMB2"))
        #expect(FileSystemType(number: 0x6573_5546) == .user)
        #expect(FileSystemType(number: 0xef53) == .local)
    }

    @Test func aWholeRecordEndsWhereTheNextBegins() {
        var buffer = ByteBuffer()
        buffer.append(contentsOf: [
            6, 0, 0, 0, 12, 0, 0, 0, 12, 0, 0, 0, 6, 0, 0, 0, 16, 0, 0, 0, 9, 9, 9, 9, 16, 0, 0, 0,
        ])
        for (limit, end) in [(11, 0), (12, 12), (27, 12), (28, 28)] {
            #expect(LogFormat.pcapng.boundary(buffer.bytes, limit: limit) == end)
        }
        buffer.removeAll()
        buffer.append(contentsOf: [0, 0, 0, 34] + [UInt8](repeating: 0, count: 38) + [0, 0])
        for (limit, end) in [(41, 0), (42, 42), (44, 42)] {
            #expect(LogFormat.iptrace2.boundary(buffer.bytes, limit: limit) == end)
        }
        buffer.removeAll()
        buffer.append(contentsOf: [UInt8](repeating: 0, count: 8) + [2, 0, 0, 0, 2, 0, 0, 0, 5, 5] + [1, 1])
        for (limit, end) in [(17, 0), (18, 18), (20, 18)] {
            #expect(LogFormat.pcap(.ethernet).boundary(buffer.bytes, limit: limit) == end)
        }
    }
}
