import ArgumentParser
import CaptureFiles
import HostInspection
import KernelAccess
import PacketReports
import SystemPackage
import Text

/// Prints the report of a capture file.
struct ReportRun {
    private let file: String
    private let first: UInt64
    private let count: UInt64?
    private let onlyTcpdump: Bool
    private let options: ReportOptions
    private var report: PacketReport
    private var sink = OutputSink.standardOutput
    private var printed: UInt64 = 0

    /// Bytes to collect for one write.
    private static let pieceSize = 64 << 10

    init(_ file: String, _ options: ReportOptions, first: UInt64, count: UInt64?, onlyTcpdump: Bool) {
        self.file = file
        self.options = options
        self.first = first
        self.count = count
        self.onlyTcpdump = onlyTcpdump
        var names = ReportNames()
        if !options.hidesHosts, let hosts = NameFiles.hosts { names.addHosts(hosts) }
        if let services = NameFiles.services { names.addServices(services) }
        report = PacketReport(options, names: names)
    }

    mutating func run() throws {
        do {
            var reader = try CaptureReader(path: FilePath(file))
            // Limits the harm that a malicious file can do. Failure is not fatal: the file is read all the same.
            try? Privileges.giveUp()
            guard !onlyTcpdump || reader.format == .pcap || reader.format == .pcapng else {
                throw Self.failure(
                    5, "\(reader.name): \(reader.format.name), which tcpdump does not write; leave -T out")
            }
            try printPackets(&reader)
        } catch let error as CaptureError {
            throw Self.failure(Self.exitCode(of: error), "\(error)")
        }
        try sink.requireWritten()
    }

    /// The exit codes of AIX's iptrace for the same troubles.
    private static func exitCode(of error: CaptureError) -> Int32 {
        switch error.problem {
        case .cannotOpen: 1
        case .cannotRead, .empty, .truncated, .malformed: 2
        case .notACapture, .compressed, .recording, .unsupported: 5
        }
    }

    /// Prints a message and returns the error that ends the program with a code of its own.
    private static func failure(_ code: Int32, _ message: String) -> ExitCode {
        var errors = OutputSink.standardError
        errors.write("Error: \(message)\n")
        return ExitCode(code)
    }

    private mutating func printPackets(_ reader: inout CaptureReader) throws(CaptureError) {
        var buffer = ByteBuffer()
        var failure: CaptureError?
        do throws(CaptureError) {
            while printed < count ?? .max, try reader.next() {
                guard reader.packetCount >= first else { continue }
                report.append(reader.packet, number: reader.packetCount, of: reader.contents, to: &buffer)
                printed += 1
                // The reader of a live capture sees each packet when it arrives.
                guard buffer.count > Self.pieceSize || reader.isDrained else { continue }
                guard sink.write(&buffer) else { return }
            }
        } catch {
            failure = error
        }
        report.appendEnd(read: reader.packetCount, printed: printed, dropped: reader.contents.dropped, to: &buffer)
        _ = sink.write(&buffer)
        if let failure { throw failure }
    }
}
