import Glibc
import Protocols
import Testing

@testable import NameLookup

/// A name server on the loopback device, which answers each datagram by a function, or not at all.
private final class StubServer: @unchecked Sendable {
    let port: UInt16
    private let descriptor: Int32
    private var thread: pthread_t = 0
    private let answer: @Sendable ([UInt8]) -> [UInt8]?

    init(_ answer: @escaping @Sendable ([UInt8]) -> [UInt8]?) {
        self.answer = answer
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let opened = descriptor
        withUnsafeMutablePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(opened, $0, size)
                _ = getsockname(opened, $0, &size)
            }
        }
        port = place.sin_port.bigEndian
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                Unmanaged<StubServer>.fromOpaque(context!).takeRetainedValue().serve()
                return nil
            }, context)
    }

    private func serve() {
        var bytes = [UInt8](repeating: 0, count: 600)
        while true {
            var sender = sockaddr_storage()
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let answered = withUnsafeMutablePointer(to: &sender) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { sender -> Bool in
                    let count = recvfrom(descriptor, &bytes, bytes.count, 0, sender, &size)
                    // A datagram without a byte ends the server.
                    guard count > 0 else { return false }
                    if let reply = answer(Array(bytes[..<count])) {
                        sendto(descriptor, reply, reply.count, 0, sender, size)
                    }
                    return true
                }
            }
            guard answered else { return }
        }
    }

    func stop() {
        let sender = ServerSocket(IPAddress("127.0.0.1")!, port: port)
        sender?.send([])
        pthread_join(thread, nil)
        close(descriptor)
    }

    var servers: NameServers { NameServers([IPAddress("127.0.0.1")!], port: port) }
}

@Suite struct LookupTests {
    private let jake = IPAddress("10.0.0.7")!

    private func folder() -> String {
        var template = Array("/tmp/nettrace-names-XXXXXX".utf8CString)
        return String(cString: mkdtemp(&template)) + "/cache"
    }

    @Test func namesArriveAndAreKept() {
        let server = StubServer { reply(to: $0, answers: [record(type: 12, labels("jake.example"))]) }
        let path = folder()
        let lookup = HostLookup(server.servers, cache: NameCache(folder: path))
        // A busy machine may answer later than the caller waits.
        while lookup.name(of: jake) == nil { usleep(1000) }
        #expect(lookup.name(of: jake) == "jake.example" && lookup.questions == 1 && lookup.version == 1)
        lookup.save()
        server.stop()
        // The second run asks nobody.
        let again = HostLookup(server.servers, cache: NameCache(folder: path))
        #expect(again.name(of: jake) == "jake.example" && again.questions == 0)
        var status = stat()
        #expect(stat(path + "/hosts.cache", &status) == 0 && status.st_mode & 0o777 == 0o600)
        // A file that is too old is removed.
        var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
        utimensat(AT_FDCWD, path + "/hosts.cache", &times, 0)
        _ = NameCache(folder: path)
        #expect(access(path + "/hosts.cache", F_OK) != 0)
    }

    @Test func linksAreNotFollowed() {
        let path = folder()
        let target = path + ".target"
        _ = NameCache(folder: path)
        let file = open(target, O_WRONLY | O_CREAT, 0o600)
        write(file, "x", 1)
        close(file)
        symlink(target, path + "/hosts.cache")
        var cache = NameCache(folder: path)
        cache.remember("jake", of: jake, lifetime: 100)
        cache.save()
        var status = stat()
        #expect(stat(target, &status) == 0 && status.st_size == 1)
        #expect(lstat(path + "/hosts.cache", &status) == 0 && status.st_mode & S_IFMT == S_IFREG)
        symlink(path, path + ".link")
        #expect(OpenFolder(path + ".link") == nil)
        chmod(path, 0o777)
        #expect(OpenFolder(path) == nil)
    }

    /// A server that never answers is waited for once.
    @Test func silentServersAreNotWaitedFor() {
        let server = StubServer { _ in nil }
        let lookup = HostLookup(server.servers, cache: NameCache())
        for last in 1...200 as ClosedRange<UInt32> {
            #expect(lookup.name(of: .ipv4(IPv4Address(bits: 0x0a00_0000 + last))) == nil)
        }
        #expect(lookup.waits == 1)
        #expect(lookup.questions == 200 && lookup.version == 0)
        server.stop()
    }

    /// Only so many questions wait for answers.
    @Test func questionsAreLimited() {
        let server = StubServer { _ in nil }
        let lookup = HostLookup(server.servers, cache: NameCache())
        for last in 0..<5000 as Range<UInt32> { _ = lookup.name(of: .ipv4(IPv4Address(bits: 0x0a00_0000 + last))) }
        #expect(lookup.questions == 1024)
        server.stop()
    }

    @Test func filtersFindAddresses() {
        let server = StubServer { query in
            query[query.count - 3] == 1
                ? reply(to: query, answers: [record(type: 1, [10, 0, 0, 7])]) : reply(to: query)
        }
        #expect(HostLookup(server.servers, cache: NameCache()).addresses(of: "jake") == [jake])
        #expect(HostLookup(server.servers, cache: NameCache()).addresses(of: "no..name") == [])
        server.stop()
    }
}
