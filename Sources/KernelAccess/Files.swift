import Glibc
import SystemPackage

func currentErrno() -> Int32 { errno }

/// Reads the whole of a small file, also of a /proc or /sys file that reports size 0.
func readFile(_ path: FilePath, relativeTo directory: FileDescriptor? = nil) throws(Errno) -> [UInt8] {
    let fd = try openForReading(path, relativeTo: directory)
    defer { close(fd) }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    var filled = 0
    while try readMore(of: fd, into: &bytes, behind: &filled) {}
    bytes.removeLast(bytes.count - filled)
    return bytes
}

/// Calls `body` with each line, without its newline, from the current position of `fd`, until `body` returns false. For
/// files that are too long to keep.
func forEachLine(of fd: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Bool) throws(Errno) {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    var filled = 0
    var isEnd = false
    while !isEnd {
        isEnd = try !readMore(of: fd, into: &bytes, behind: &filled)
        bytes.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            var start = 0
            while let newline = memchr(base + start, 0x0a, filled - start) {
                let end = UnsafeRawPointer(newline) - UnsafeRawPointer(base)
                guard body(UnsafeBufferPointer(start: base + start, count: end - start)) else {
                    isEnd = true
                    return
                }
                start = end + 1
            }
            if isEnd, start < filled { _ = body(UnsafeBufferPointer(start: base + start, count: filled - start)) }
            memmove(base, base + start, filled - start)
            filled -= start
        }
    }
}

/// Calls `body` with each `length` bytes from the current position of `fd`; leaves out an incomplete rest at the end.
func forEachRecord(
    of fd: Int32, length: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void
) throws(Errno) {
    var bytes = [UInt8](repeating: 0, count: max(64 << 10, length))
    var filled = 0
    while try readMore(of: fd, into: &bytes, behind: &filled) {
        bytes.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            var start = 0
            while filled - start >= length {
                body(UnsafeBufferPointer(start: base + start, count: length))
                start += length
            }
            memmove(base, base + start, filled - start)
            filled -= start
        }
    }
}

func openForReading(_ path: FilePath, relativeTo directory: FileDescriptor? = nil) throws(Errno) -> Int32 {
    let fd: Int32 = path.withPlatformString { openat(directory?.rawValue ?? AT_FDCWD, $0, O_RDONLY | O_CLOEXEC) }
    guard fd >= 0 else { throw Errno(rawValue: errno) }
    return fd
}

/// Reads once, after the `filled` bytes; returns false at the end of the file. seq_file returns at most a page per
/// read, so the buffer grows when it is full, not with each read.
private func readMore(of fd: Int32, into bytes: inout [UInt8], behind filled: inout Int) throws(Errno) -> Bool {
    if filled == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
    while true {
        let start = filled
        let count = bytes.withUnsafeMutableBytes { read(fd, $0.baseAddress! + start, $0.count - start) }
        // EAGAIN: a BPF iterator has passed over a million objects without output (kernel/bpf/bpf_iter.c,
        // bpf_seq_read).
        if count < 0, errno == EINTR || errno == EAGAIN { continue }
        guard count >= 0 else { throw Errno(rawValue: errno) }
        filled += count
        return count > 0
    }
}

/// Reads a small text file without its trailing newline; nil if it cannot be read.
func readText(_ path: FilePath) -> String? {
    guard let bytes = try? readFile(path) else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }, as: UTF8.self)
}

/// Names in a directory, without "." and ".."; empty if it cannot be read.
func directoryEntries(_ path: FilePath, onlyDirectories: Bool = false) -> [String] {
    guard let directory = path.withPlatformString({ opendir($0) }) else { return [] }
    defer { closedir(directory) }
    return directoryEntries(of: directory, onlyDirectories: onlyDirectories)
}

/// - Parameter onlyDirectories: works only on file systems that return types with names, as the kernel's own do.
func directoryEntries(of directory: OpaquePointer, onlyDirectories: Bool = false) -> [String] {
    var names: [String] = []
    while let entry = readdir(directory) {
        if onlyDirectories, entry.pointee.d_type != DT_DIR { continue }
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}
