import KernelAccess
import Recording
import SystemPackage

/// A file or pipe whose read fails with EINTR when a stop signal arrives.
struct StoppableSource: ByteSource {
    let descriptor: FileDescriptor

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
        while true {
            do {
                return try descriptor.read(into: buffer, retryOnInterrupt: false)
            } catch {
                let error = error as? Errno ?? .ioError
                guard error == .interrupted, !StopSignals.received else { throw error }
            }
        }
    }
}
