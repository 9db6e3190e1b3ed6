import Glibc
import SystemPackage
import Testing

@testable import KernelAccess

@Suite struct CgroupPathsTests {
    private func mount(_ text: String) -> CgroupMount? { CgroupMount(mountinfo: Array(text.utf8)) }

    @Test func findsTheMountOfVersion2() {
        let hybrid = """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime shared:4 master:2 - cgroup cgroup rw,cpu
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:5 - cgroup2 cgroup2 rw
            """
        #expect(mount(hybrid) == CgroupMount(point: "/sys/fs/cgroup/unified", root: ""))
        #expect(mount("31 23 0:28 / /sys/fs/cgroup rw - tmpfs cgroup2 rw") == nil)
        #expect(mount("") == nil)
    }

    @Test func wholeTreesComeBeforeParts() {
        let part = "40 31 0:38 /docker/abc /a rw - cgroup2 cgroup2 rw\n"
        #expect(mount(part) == CgroupMount(point: "/a", root: "/docker/abc"))
        #expect(mount(part + "41 31 0:38 / /b rw - cgroup2 cgroup2 rw") == CgroupMount(point: "/b", root: ""))
        // A cgroup namespace below the mount's root.
        #expect(mount("40 31 0:38 /../.. /c rw - cgroup2 cgroup2 rw") == CgroupMount(point: "/c", root: ""))
    }

    @Test func escapesAreUndone() {
        #expect(mount(#"41 31 0:38 / /my\040c\134x rw - cgroup2 none rw"#)?.point == #"/my c\x"#)
        #expect(mount(#"41 31 0:38 / /bad\9 rw - cgroup2 none rw"#)?.point == #"/bad\9"#)
        #expect(mount(#"41 31 0:38 / /cut\04 rw - cgroup2 none rw"#)?.point != nil)
    }

    @Test(arguments: ["- cgroup2", "1 2 3 4 5 - cgroup2 x rw", "41 31 0:38 / /a rw -", "a b c d e f g h"])
    func linesThatMakeNoSenseArePassedOver(_ line: String) {
        #expect(mount(line) == nil)
    }

    @Test func everyFolderHasItsPath() throws {
        var template = Array("\(P_tmpdir)/nettrace-XXXXXX".utf8CString)
        let root = try #require(mkdtemp(&template).map { String(cString: $0) })
        let folders = ["", "/system.slice", "/system.slice/a.service", "/user.slice"]
        for folder in folders.dropFirst() { mkdir(root + folder, 0o755) }
        close(open(root + "/cgroup.procs", O_WRONLY | O_CREAT, 0o644))
        symlink("/", root + "/link")
        defer {
            for name in ["/link", "/cgroup.procs"] { unlink(root + name) }
            for folder in folders.reversed() { rmdir(root + folder) }
        }
        func inode(_ folder: String) -> UInt64 {
            var status = stat()
            lstat(root + folder, &status)
            return UInt64(status.st_ino)
        }
        let paths = CgroupPaths.scan(CgroupMount(point: FilePath(root), root: ""), limit: 100)
        let expected = Dictionary(uniqueKeysWithValues: folders.map { (inode($0), $0.isEmpty ? "/" : $0) })
        #expect(paths == expected)
        let part = CgroupPaths.scan(CgroupMount(point: FilePath(root), root: "/docker/abc"), limit: 100)
        #expect(part[inode("")] == "/docker/abc")
        #expect(part[inode("/user.slice")] == "/docker/abc/user.slice")
        #expect(CgroupPaths.scan(CgroupMount(point: FilePath(root), root: ""), limit: 2).count == 2)
    }
}
