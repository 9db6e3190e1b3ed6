import CaptureFiles
import SystemPackage
import Testing

@Suite struct SampleTests {
    /// The folder of this file.
    private static let folder = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Samples/"

    @Test(arguments: [
        ("netsnoop-sample.pcap", CaptureFormat.pcap, Int64(1_704_109_231_925_000_000)),
        ("netsnoop-sample.snoop", .snoop, 1_704_109_231_925_000_000),
        ("sample.iptrace2", .iptrace2, 1_704_109_231_925_000_000),
    ])
    func samples(file: String, format: CaptureFormat, time: Int64) throws {
        var reader = try CaptureReader(path: FilePath(Self.folder + file))
        #expect(reader.format == format)
        #expect(try reader.next())
        #expect(reader.packet.time == time)
        #expect(reader.packet.bytes.byteCount == 100)
        #expect(reader.packet.wireLength == 100)
        #expect(reader.packet.linkType == .ethernet)
        #expect(try !reader.next())
    }
}
