import Glibc
import HostInspection
import Testing

struct SocketProcessesTests {
    @Test func `A socket's process and descriptor are found`() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        let found = try #require(SocketProcesses.all()[UInt64(status.st_ino)])
        #expect(found.process == UInt32(getpid()) && found.descriptor == descriptor && !found.name.isEmpty)
    }
}
