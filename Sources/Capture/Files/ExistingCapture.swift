import CaptureFiles
import Glibc
import SystemPackage

/// The kind of a file that exists before the capture, found by reading it to its end.
struct ExistingCapture {
    private(set) var isNanoseconds = true
    /// The end of the last whole record, if an incomplete one follows: the writer was killed.
    private(set) var end: UInt64?

    /// Enough to recognise the format.
    private static let leastSize = 11
    /// The magic numbers of pcap in the byte order that is written.
    private static let nanoseconds: [UInt8] = [0x4d, 0x3c, 0xb2, 0xa1]
    private static let microseconds: [UInt8] = [0xd4, 0xc3, 0xb2, 0xa1]

    /// Throws if the file cannot be continued in the format.
    init(_ descriptor: FileDescriptor, _ path: String, _ format: LogFormat) throws(LogFailure) {
        var start = [UInt8](repeating: 0, count: Self.leastSize)
        let count = pread(descriptor.rawValue, &start, start.count, 0)
        guard count >= Self.leastSize else {
            throw .unreadable(path: path, reason: count < 0 ? "\(Errno(rawValue: errno))" : "it is too short")
        }
        do {
            var reader = try CaptureReader(name: path) { (buffer) throws(Errno) in try Self.read(descriptor, buffer) }
            guard reader.format == format.fileFormat else {
                throw Self.refusal(path, "is a file of the format \(reader.format.name), not \(format.name)")
            }
            if case .pcap(let linkType) = format {
                let magic = Array(start[..<4])
                guard magic == Self.nanoseconds || magic == Self.microseconds else {
                    throw Self.refusal(path, "has the byte order of another machine")
                }
                guard reader.interfaces.first?.linkType == linkType else {
                    throw Self.refusal(path, "has packets of another link type, and its format has one only")
                }
                isNanoseconds = magic == Self.nanoseconds
            }
            while try reader.next() {}
        } catch let failure as LogFailure {
            throw failure
        } catch let error as CaptureError {
            end = try Self.end(error, path)
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }

    /// The end of the whole records of a file that ends inside a record.
    private static func end(_ error: CaptureError, _ path: String) throws(LogFailure) -> UInt64 {
        switch error.problem {
        case .truncated where error.offset > 0: return error.offset
        case .notACapture, .compressed, .recording, .unsupported: throw refusal(path, "is no trace: \(error.problem)")
        case .empty, .cannotOpen, .cannotRead, .malformed, .truncated:
            throw .unreadable(path: path, reason: "\(error.problem)")
        }
    }

    private static func refusal(_ path: String, _ reason: String) -> LogFailure {
        .notContinuable(path: path, reason: reason)
    }

    private static func read(
        _ descriptor: FileDescriptor, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(Errno) -> Int {
        while true {
            let count = Glibc.read(descriptor.rawValue, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw Errno(rawValue: errno) }
        }
    }
}
