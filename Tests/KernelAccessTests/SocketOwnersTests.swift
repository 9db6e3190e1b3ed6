import Glibc
import SystemPackage
import Testing

@testable import KernelAccess

/// A folder that looks like /proc; removed with the value.
private struct ProcFixture: ~Copyable {
    let path: String

    init() throws {
        var template = Array("\(P_tmpdir)/nettrace-XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    /// - Parameter links: targets of the process's descriptors, from 0 on.
    func addProcess(_ pid: String, comm: String?, links: [String]) {
        let folder = path + "/" + pid
        mkdir(folder, 0o755)
        mkdir(folder + "/fd", 0o755)
        for (number, target) in links.enumerated() { symlink(target, folder + "/fd/\(number)") }
        guard let comm else { return }
        let file = open(folder + "/comm", O_WRONLY | O_CREAT, 0o644)
        _ = comm.withCString { write(file, $0, strlen($0)) }
        close(file)
    }

    deinit {
        for process in directoryEntries(FilePath(path)) {
            let folder = path + "/" + process
            for link in directoryEntries(FilePath(folder + "/fd")) { unlink(folder + "/fd/" + link) }
            unlink(folder + "/comm")
            rmdir(folder + "/fd")
            rmdir(folder)
        }
        rmdir(path)
    }
}

@Suite struct SocketOwnersTests {
    @Test func theLowestProcessIsShownAndTheOthersAreCounted() throws {
        let proc = try ProcFixture()
        proc.addProcess(
            "1200", comm: "nginx: worker\n", links: ["socket:[7]", "socket:[7]", "/dev/null", "socket:[8]"])
        proc.addProcess("90", comm: "nginx\n", links: ["pipe:[7]", "socket:[7]"])
        proc.addProcess("1300", comm: "nginx\n", links: ["anon_inode:[eventpoll]", "socket:[7]"])
        let owners = SocketOwners.scan(FilePath(proc.path), limit: 100)
        #expect(
            owners == [
                7: SocketOwner(pid: 90, command: "nginx", others: 2),
                8: SocketOwner(pid: 1200, command: "nginx: worker"),
            ])
    }

    @Test func whatIsNoProcessIsPassedOver() throws {
        let proc = try ProcFixture()
        proc.addProcess("self", comm: "x\n", links: ["socket:[1]"])
        proc.addProcess("-5", comm: "x\n", links: ["socket:[2]"])
        proc.addProcess("99999999999", comm: "x\n", links: ["socket:[3]"])
        // The process has ended between the two reads.
        proc.addProcess("6", comm: nil, links: ["socket:[4]"])
        proc.addProcess("7", comm: "two\nlines\n", links: ["socket:[5]"])
        let owners = SocketOwners.scan(FilePath(proc.path), limit: 100)
        #expect(
            owners == [4: SocketOwner(pid: 6, command: ""), 5: SocketOwner(pid: 7, command: "two\nlines")])
        #expect(SocketOwners.scan(FilePath(proc.path + "/missing"), limit: 100).isEmpty)
    }

    @Test func memoryIsBounded() throws {
        let proc = try ProcFixture()
        proc.addProcess("1", comm: "many\n", links: (0..<20).map { "socket:[\($0)]" })
        proc.addProcess("2", comm: "more\n", links: (0..<20).map { "socket:[\($0)]" })
        let owners = SocketOwners.scan(FilePath(proc.path), limit: 5)
        #expect(owners.count == 5)
        #expect(owners.values.allSatisfy { $0.pid == 1 && $0.others == 1 })
    }

    @Test(arguments: [
        "", "s", "socket:[", "socket:[]", "socket:[7", "socket:[x]", "socket:[7]x", "socket:[-7]", "Socket:[7]",
    ])
    func otherLinksAreNoSockets(_ target: String) {
        #expect(SocketOwners.socketInode(Array(target.utf8)) == nil)
    }

    @Test func inodesHave64Bits() {
        #expect(SocketOwners.socketInode(Array("socket:[18446744073709551615]".utf8)) == .max)
        #expect(SocketOwners.socketInode(Array("socket:[18446744073709551616]".utf8)) == nil)
    }

    @Test func ourOwnSocketIsOurs() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var status = stat()
        try #require(fstat(descriptor, &status) == 0)
        #expect(SocketOwners().owner(of: UInt64(status.st_ino))?.pid == UInt32(getpid()))
    }
}
