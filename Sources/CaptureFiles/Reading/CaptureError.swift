public import SystemPackage

/// The reason that a capture file cannot be read, or only in part: every packet before the offset was delivered.
public struct CaptureError: Error, Equatable, Sendable {
    public enum Problem: Equatable, Sendable {
        case cannotOpen(Errno)
        case cannotRead(Errno)
        case empty
        case notACapture
        /// By the program of this name.
        case compressed(String)
        /// A recording of `nettrace -w`.
        case recording
        /// A version or variant of a format that this module does not read.
        case unsupported(String)
        /// The file ends inside this.
        case truncated(String)
        /// A violation of the format.
        case malformed(String)
    }

    /// The name of the file.
    public let file: String
    /// Offset in bytes of the record or block at fault.
    public let offset: UInt64
    /// Packets that were read before.
    public let packets: UInt64
    public let problem: Problem
}

extension CaptureError: CustomStringConvertible {
    public var description: String {
        switch problem {
        case .cannotOpen, .empty, .notACapture, .compressed, .recording: "\(file): \(problem)"
        case .cannotRead, .unsupported, .truncated, .malformed:
            "\(file): at byte \(offset): \(problem)"
                + (packets == 0 ? "" : "; \(packets) \(packets == 1 ? "packet was" : "packets were") read before")
        }
    }
}

extension CaptureError.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotOpen(let errno): "cannot be opened: \(errno)"
        case .cannotRead(let errno): "cannot be read: \(errno)"
        case .empty: "the file is empty"
        case .notACapture: "not a capture file: pcap, pcapng, snoop and iptrace files can be read"
        case .compressed(let program): "compressed with \(program); decompress it first: \(program) -dc FILE"
        case .recording: "a recording of nettrace, not a capture file; 'nettrace read FILE' reads it"
        case .unsupported(let what): "\(what) cannot be read"
        case .truncated(let what): "the file ends inside \(what)"
        case .malformed(let what): "damaged: \(what)"
        }
    }
}

/// An error without the facts that only `CaptureReader` knows.
struct CaptureFault: Error {
    let problem: CaptureError.Problem
    /// Nil for the start of the record that was being read.
    var offset: UInt64?

    init(_ problem: CaptureError.Problem, at offset: UInt64? = nil) {
        self.problem = problem
        self.offset = offset
    }

    static func malformed(_ what: String) -> CaptureFault { CaptureFault(.malformed(what)) }
    static func truncated(_ what: String) -> CaptureFault { CaptureFault(.truncated(what)) }
}
