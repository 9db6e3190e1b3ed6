import KernelAccess
import Recording
import SystemPackage

/// A file or a pipe that is read for as long as the run goes on: a signal to end it fails the read with EINTR.
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
