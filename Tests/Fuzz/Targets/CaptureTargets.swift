import CaptureFiles
import PacketReports
import Text

/// Capture files from untrusted sources.
enum CaptureTargets {
    /// A file, and the reports of its packets, whose flags the file's size decides.
    static func file(_ bytes: UnsafeRawBufferPointer) {
        var options = ReportOptions()
        options.hasNumbers = bytes.count & 1 != 0
        options.hasPrefixes = bytes.count & 2 != 0
        options.isHexadecimal = bytes.count & 4 != 0
        options.isVerbose = bytes.count & 8 != 0
        options.validatesChecksums = bytes.count & 16 == 0
        try? report(bytes, options)
    }

    private static func report(_ bytes: UnsafeRawBufferPointer, _ options: ReportOptions) throws(CaptureError) {
        var rest = bytes[...]
        var reader = try CaptureReader(name: "input") { buffer in
            let piece = rest.prefix(buffer.count)
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece))
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
        var report = PacketReport(options, names: ReportNames())
        var buffer = ByteBuffer()
        while try reader.next() {
            report.append(reader.packet, number: reader.packetCount, of: reader.contents, to: &buffer)
            buffer.removeAll()
        }
    }
}
