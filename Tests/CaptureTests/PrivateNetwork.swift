import CSyscalls
import Glibc
import Testing

/// A network namespace of its own for the thread that runs a test, with a pair of devices, `left` and `right`, that carry
/// nothing but the test's frames.
enum PrivateNetwork {
    static let isPossible = geteuid() == 0

    /// Runs the body on a thread in a new namespace, and returns when it has ended.
    static func run(_ body: @escaping () throws -> Void) throws {
        let work = Work(body)
        var thread = pthread_t()
        let created = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Work>.fromOpaque(argument!).takeUnretainedValue().perform()
                return nil
            }, Unmanaged.passUnretained(work).toOpaque())
        try #require(created == 0)
        pthread_join(thread, nil)
        try work.result.get()
    }

    /// CLONE_NEWNET of unshare(2), which Swift's Glibc module lacks.
    private static let newNetwork: Int32 = 0x4000_0000

    private final class Work {
        let body: () throws -> Void
        var result: Result<Void, any Error> = .success(())

        init(_ body: @escaping () throws -> Void) { self.body = body }

        func perform() {
            result = Result {
                let unshare = try #require(dlsym(nil, "unshare"))
                try #require(unsafeBitCast(unshare, to: (@convention(c) (Int32) -> Int32).self)(newNetwork) == 0)
                let settings = try #require(fopen("/proc/sys/net/ipv6/conf/default/disable_ipv6", "w"))
                fputs("1", settings)
                fclose(settings)
                try ip("link add left type veth peer name right")
                for device in ["left", "right"] { try ip("link set \(device) up") }
                try body()
            }
        }
    }

    /// Runs ip(8), which inherits the namespace of the thread.
    static func ip(_ arguments: String) throws {
        let words = ["ip"] + arguments.split(separator: " ").map(String.init)
        var list: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        list.append(nil)
        defer { list.forEach { free($0) } }
        var process = pid_t()
        try #require(posix_spawnp(&process, "ip", nil, nil, list, environ) == 0)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        try #require(status == 0, "ip \(arguments)")
    }
}

/// Sends frames on a device.
final class FrameSender {
    private let fd: Int32

    init(_ device: String) throws {
        let index = if_nametoindex(device)
        try #require(index > 0)
        fd = socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0)
        try #require(fd >= 0)
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_ifindex = Int32(index)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(fd, $0, socklen_t(MemoryLayout<sockaddr_ll>.size))
            }
        }
        try #require(bound == 0)
    }

    deinit { close(fd) }

    func send(_ frame: [UInt8]) throws {
        try #require(Glibc.send(fd, frame, frame.count, 0) == frame.count)
    }
}

/// Frames of Ethernet.
enum Frame {
    /// To all, of a type, with a payload of zeros whose first byte is the number.
    static func broadcast(_ type: UInt16, number: UInt8 = 0, size: Int = 100, tag: UInt16? = nil) -> [UInt8] {
        var frame = [UInt8](repeating: 0xff, count: 6) + [2, 0, 0, 0, 0, 1]
        if let tag { frame += [0x81, 0, UInt8(tag >> 8), UInt8(tag & 0xff)] }
        frame += [UInt8(type >> 8), UInt8(type & 0xff), number]
        return frame + [UInt8](repeating: 0, count: max(0, size - frame.count))
    }

    /// For a machine that is not this one.
    static func foreign(_ type: UInt16) -> [UInt8] { [2, 0, 0, 0, 9, 9] + broadcast(type).dropFirst(6) }
}
