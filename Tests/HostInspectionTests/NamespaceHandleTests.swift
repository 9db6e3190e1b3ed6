import Glibc
import HostInspection
import Testing

/// Runs commands in this process's own namespace, which needs no privileges.
struct NamespaceHandleTests {
    /// A limit in seconds for commands that must end, far beyond what a busy machine needs.
    private static let ample = 600

    private static func own() throws -> NamespaceHandle {
        var status = stat()
        #expect(stat("/proc/self/ns/net", &status) == 0)
        return try NamespaceHandle(inode: UInt64(status.st_ino))
    }

    private static func problem(
        _ command: HostCommand, seconds: Int = ample, limit: Int = 1 << 20
    ) throws -> InspectionError? {
        let handle = try own()
        do throws(InspectionError) {
            _ = try handle.run(command, seconds: seconds, limit: limit)
            return nil
        } catch {
            return error
        }
    }

    private static func sysctlProblem(_ name: String) throws -> InspectionError? {
        let handle = try own()
        do throws(InspectionError) {
            _ = try handle.sysctl(name)
            return nil
        } catch {
            return error
        }
    }

    @Test func `A command's output comes back`() throws {
        let handle = try Self.own()
        let output = try handle.run(HostCommand("echo", ["a  b", "c"], package: "coreutils"), seconds: Self.ample)
        #expect(output == "a  b c\n")
    }

    @Test func `A command has no input and no environment but a path`() throws {
        let handle = try Self.own()
        let input = try handle.run(HostCommand("cat", package: "coreutils"), seconds: Self.ample)
        #expect(input.isEmpty)
        let names = try handle.run(HostCommand("env", package: "coreutils"), seconds: Self.ample).split(separator: "\n")
            .map {
                $0.prefix { $0 != "=" }
            }
        #expect(Set(names) == ["PATH", "LC_ALL"])
    }

    @Test func `No shell reads the arguments`() throws {
        let handle = try Self.own()
        let output = try handle.run(
            HostCommand("echo", ["$HOME", ";", "`id`"], package: "coreutils"), seconds: Self.ample)
        #expect(output == "$HOME ; `id`\n")
    }

    @Test func `What is not installed is named with its package`() throws {
        #expect(
            try Self.problem(HostCommand("no-such-command", package: "none"))
                == .notInstalled(command: "no-such-command", package: "none"))
        #expect(!HostCommand("no-such-command", package: "none").isInstalled)
    }

    @Test func `A failure tells the status and what the command said`() throws {
        guard
            case .failed(let command, let status, let message)? = try Self.problem(
                HostCommand("ls", ["/no/such/folder"], package: "coreutils"))
        else {
            Issue.record("no failure")
            return
        }
        #expect(command == "ls /no/such/folder" && status == 2)
        #expect(message.contains("No such file"))
    }

    @Test func `Too long, too much`() throws {
        #expect(
            try Self.problem(HostCommand("sleep", ["60"], package: "coreutils"), seconds: 1)
                == .timedOut(command: "sleep 60", seconds: 1))
        #expect(
            try Self.problem(HostCommand("yes", package: "coreutils"), seconds: Self.ample, limit: 100_000)
                == .tooMuchOutput(command: "yes", limit: 100_000))
    }

    @Test func `A flood of complaints blocks nobody`() throws {
        let handle = try Self.own()
        let command = HostCommand(
            "dd", ["if=/dev/zero", "of=/dev/stderr", "bs=1M", "count=2", "status=none"], package: "coreutils")
        let output = try handle.run(command, seconds: Self.ample)
        #expect(output.isEmpty)
    }

    @Test func `Sysctls are read by either spelling`() throws {
        let handle = try Self.own()
        let value = try handle.sysctl("net.ipv4.ip_forward")
        #expect(value == "0" || value == "1")
        let same = try handle.sysctl("net/ipv4/ip_forward")
        #expect(same == value)
        #expect(try Self.sysctlProblem("kernel.hostname") != nil)
        #expect(try Self.sysctlProblem("net/../kernel/hostname") != nil)
        #expect(try Self.sysctlProblem("net.ipv4.no_such_thing") != nil)
    }

    @Test func `A namespace that nobody has is told from one that may not be entered`() {
        #expect(throws: InspectionError.self) { _ = try NamespaceHandle(inode: 1) }
    }

    @Test func `Errors are sentences that tell what to do`() {
        #expect(
            "\(InspectionError.notInstalled(command: "nft", package: "nftables"))"
                == "the command 'nft' is not installed here: install the package 'nftables'")
        #expect(
            "\(InspectionError.failed(command: "nft list", status: -9, message: ""))"
                == "'nft list' was killed by signal 9; run it by hand to see more")
    }

    @Test func `A namespace that has no number here is not found`() throws {
        let handle = try Self.own()
        do throws(InspectionError) {
            _ = try handle.namespace(numbered: 123_456)
            Issue.record("found")
        } catch {
            #expect("\(error)".contains("123456"))
        }
    }
}
