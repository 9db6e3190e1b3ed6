import Glibc
import SystemPackage
import Testing
import Text

@testable import CaptureFiles

/// Files from an enemy: no input traps, and each packet is inside the file.
@Suite struct HostileTests {
    private static let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Samples/"

    static let samples = ["netsnoop-sample.pcap", "netsnoop-sample.snoop", "sample.iptrace2", "all-blocks.pcapng"]

    private static func bytes(_ name: String) throws -> [UInt8] {
        let file = try FileDescriptor.open(FilePath(folder + name), .readOnly)
        defer { try? file.close() }
        return try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    @Test(arguments: samples) func everyCutIsReported(name: String) throws {
        let whole = try Self.bytes(name)
        let packets = ReadCapture(whole).packets
        #expect(ReadCapture(whole).error == nil)
        for end in 0..<whole.count {
            let read = ReadCapture(Array(whole[..<end]), piece: 50)
            if !packets.starts(with: read.packets) { Issue.record("other packets before the cut at \(end)") }
            // A cut between two records leaves a shorter file.
            guard let error = read.error else { continue }
            if error.offset > end { Issue.record("\(error), beyond the cut at \(end)") }
        }
    }

    /// More with CAPTURE_MUTATIONS=1000000.
    @Test(arguments: samples) func mutations(name: String) throws {
        let whole = try Self.bytes(name)
        var generator = TestGenerator(seed: 14)
        let count = getenv("CAPTURE_MUTATIONS").flatMap { Int(String(cString: $0)) } ?? 250
        for _ in 0..<count {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch UInt8.random(in: 0...3, using: &generator) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
                case 1: bytes[place] = [0, 0xff, 0x7f, 0x80].randomElement(using: &generator)!
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 4))
                default: bytes.insert(contentsOf: [0, 0, 1, 0], at: place)
                }
                if bytes.isEmpty { bytes = whole }
            }
            if ReadCapture(bytes).packets.contains(where: { $0.bytes.count > bytes.count }) {
                Issue.record("a packet has more bytes than the file: \(bytes)")
            }
        }
    }

    @Test(arguments: [
        ([UInt8](), "test: the file is empty"),
        (Array("GET / HTTP/1.1".utf8), "test: not a capture file: pcap, pcapng, snoop and iptrace files can be read"),
        ([0x1f, 0x8b, 8, 0], "test: compressed with gzip; decompress it first: gzip -dc FILE"),
        ([0xa1], "test: not a capture file: pcap, pcapng, snoop and iptrace files can be read"),
        ([0xa1, 0xb2, 0xc3, 0xd4, 0], "test: at byte 0: the file ends inside the header of a pcap file"),
        (
            Array("snoop\0\0\0".utf8) + [0, 0, 0, 5, 0, 0, 0, 4],
            "test: at byte 0: version 5 of snoop cannot be read"
        ),
        (
            Array("iptrace 2.0".utf8) + [UInt8](repeating: 0, count: 40),
            "test: at byte 11: damaged: a record of 0 bytes, and its header has 32"
        ),
    ])
    func messages(bytes: [UInt8], message: String) throws {
        let error = try #require(ReadCapture(bytes).error)
        #expect("\(error)" == message)
    }

    /// A record that claims more than any packet has costs no memory.
    @Test func largePacketsAreRefused() throws {
        let bytes = file { buffer in
            PcapWriter(linkType: .ethernet).appendHeader(to: &buffer)
            for value in [1, 0, UInt32(CaptureReader.packetLimit) + 1, 0] { buffer.append(value, .littleEndian) }
        }
        let error = try #require(ReadCapture(bytes).error)
        #expect(
            "\(error)" == "test: at byte 24: damaged: a packet of 262145 bytes, and none has more than 262144")
    }

    @Test func interfacesAreBounded() throws {
        let bytes = file { buffer in
            let writer = PcapNGWriter()
            writer.appendSection(application: nil, to: &buffer)
            for _ in 0...CaptureContents.interfaceLimit { writer.append(CaptureInterface(), to: &buffer) }
        }
        #expect(try #require(ReadCapture(bytes).error).problem == .malformed("more than 65536 interfaces"))
    }

    @Test func errorsOfTheSourceAreReported() throws {
        var isFirst = true
        let header = file { PcapWriter(linkType: .ethernet).appendHeader(to: &$0) }
        var reader = try CaptureReader(name: "pipe") { buffer throws(Errno) in
            guard isFirst else { throw Errno.ioError }
            isFirst = false
            buffer.copyBytes(from: header)
            return header.count
        }
        #expect(throws: CaptureError(file: "pipe", offset: 24, packets: 0, problem: .cannotRead(.ioError))) {
            _ = try reader.next()
        }
        #expect(try !reader.next())
    }

    @Test func missingFilesAreNamed() {
        #expect(
            throws: CaptureError(file: "/none", offset: 0, packets: 0, problem: .cannotOpen(.noSuchFileOrDirectory))
        ) {
            _ = try CaptureReader(path: "/none")
        }
    }
}
