import CaptureFiles
import Glibc
import Protocols
import SystemPackage
import Testing
import Text

@testable import PacketReports

/// Reports of the samples, compared with the texts in `Expected`. A failing test prints the report that it got.
@Suite struct ReportTests {
    private static let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }

    /// The flags of `nettrace ipreport`.
    struct Case: Sendable {
        var sample: String
        var flags: String
        var expected: String
        var byteLimit: Int?
    }

    private static let cases = [
        Case(sample: "sample.iptrace2", flags: "n", expected: "iptrace.txt"),
        Case(sample: "netsnoop-sample.pcap", flags: "ns", expected: "prefixes.txt"),
        Case(sample: "netsnoop-sample.snoop", flags: "x", expected: "hexadecimal.txt", byteLimit: 24),
        Case(sample: "all-blocks.pcapng", flags: "nv", expected: "verbose.txt", byteLimit: 0),
        Case(sample: "all-blocks.pcapng", flags: "N", expected: "no-names.txt", byteLimit: 0),
        Case(sample: "mixed.pcap", flags: "nC", expected: "mixed.txt"),
        Case(sample: "mixed.pcap", flags: "sC", expected: "mixed-prefixes.txt"),
        Case(sample: "nfs.pcap", flags: "srnC", expected: "rpc.txt", byteLimit: 0),
        Case(sample: "nfs.pcap", flags: "nC", expected: "rpc-as-data.txt"),
    ]

    private static let usesUTC: Bool = {
        setenv("TZ", "UTC", 1)
        tzset()
        return true
    }()

    static func report(_ sample: String, _ options: ReportOptions) throws -> String {
        try #require(usesUTC)
        var names = ReportNames()
        names.addHosts("192.26.75.13 receiver.test other\nfd02::2\tsix # comment\n# 10.1.0.2 no\n10.2.0.2 \u{1b}[31m")
        names.addServices("http 80/tcp www\nmilan 49878/tcp # comment\nover6 9999/udp\nbad 1x/tcp\n")
        var report = PacketReport(options, names: names)
        var reader = try CaptureReader(path: FilePath("\(folder)/../CaptureFilesTests/Samples/\(sample)"))
        var buffer = ByteBuffer()
        while try reader.next() {
            report.append(reader.packet, number: reader.packetCount, of: reader.contents, to: &buffer)
        }
        report.appendEnd(
            read: reader.packetCount, printed: reader.packetCount, dropped: reader.contents.dropped, to: &buffer)
        return buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: cases) func layout(example: Case) throws {
        var options = ReportOptions()
        options.hasNumbers = example.flags.contains("n")
        options.hasPrefixes = example.flags.contains("s")
        options.isHexadecimal = example.flags.contains("x")
        options.isVerbose = example.flags.contains("v")
        options.validatesChecksums = example.flags.contains("C")
        options.decodesRPC = example.flags.contains("r")
        options.hidesHosts = example.flags.contains("N")
        options.byteLimit = example.byteLimit
        let report = try Self.report(example.sample, options)
        let path = "\(Self.folder)/Expected/\(example.expected)"
        let expected = (try? text(path)) ?? ""
        #expect(report == expected, "\(example.expected):\n\(report)")
        if let folder = getenv("REPORT_TEXTS") {
            try write(report, to: String(cString: folder) + "/" + example.expected)
        }
    }

    private func text(_ path: String) throws -> String {
        let file = try FileDescriptor.open(FilePath(path), .readOnly)
        defer { try? file.close() }
        let bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(_ text: String, to path: String) throws {
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        defer { try? file.close() }
        try file.writeAll(text.utf8)
    }

    /// The pattern of a program that reads reports.
    @Test func readersOfReportsFindTheirLines() throws {
        let report = try Self.report("sample.iptrace2", ReportOptions())
        for pattern in ["< SRC =", "< DST =", "<source port", "ip_ttl=", "ip_len="] {
            #expect(report.contains(pattern))
        }
    }

    /// No place of a field is missing from the descriptions of Protocols.
    @Test func placesExist() {
        let places = [
            HeaderPlaces.ethernetSource, HeaderPlaces.ethernetDestination, HeaderPlaces.ethernetType,
            HeaderPlaces.ipVersion, HeaderPlaces.ipLengthOfHeader, HeaderPlaces.ipService, HeaderPlaces.ipLength,
            HeaderPlaces.ipIdentification, HeaderPlaces.ipDontFragment, HeaderPlaces.ipMoreFragments,
            HeaderPlaces.ipOffset, HeaderPlaces.ipTimeToLive, HeaderPlaces.ipProtocol, HeaderPlaces.ipChecksum,
            HeaderPlaces.ipSource, HeaderPlaces.ipDestination, HeaderPlaces.ip6Class, HeaderPlaces.ip6Flow,
            HeaderPlaces.ip6Length, HeaderPlaces.ip6Next, HeaderPlaces.ip6HopLimit, HeaderPlaces.ip6Source,
            HeaderPlaces.ip6Destination, HeaderPlaces.fragmentOffset, HeaderPlaces.fragmentMore,
            HeaderPlaces.tcpSource, HeaderPlaces.tcpDestination, HeaderPlaces.tcpSequence,
            HeaderPlaces.tcpAcknowledgement, HeaderPlaces.tcpOffset, HeaderPlaces.tcpFlags, HeaderPlaces.tcpWindow,
            HeaderPlaces.tcpChecksum, HeaderPlaces.tcpUrgent, HeaderPlaces.udpSource, HeaderPlaces.udpDestination,
            HeaderPlaces.udpLength, HeaderPlaces.udpChecksum, HeaderPlaces.icmpType, HeaderPlaces.icmpCode,
            HeaderPlaces.icmpChecksum, HeaderPlaces.icmpIdentification, HeaderPlaces.icmpSequence,
            HeaderPlaces.icmp6Checksum,
        ]
        #expect(places.allSatisfy { $0.count > 0 })
    }
}
