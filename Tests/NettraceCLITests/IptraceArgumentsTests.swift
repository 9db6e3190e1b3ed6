import ArgumentParser
import Capture
import HostInspection
import PacketFilter
import SystemPackage
import Testing

@testable import NettraceCLI

/// The options of iptrace, its exit codes, and the words of startsrc.
@Suite struct IptraceArgumentsTests {
    private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    private func request(_ line: String) throws -> IptraceRequest {
        let spelling = Spelling(commandLine: ["/usr/sbin/iptrace"] + words(line))
        let command = try #require(try Nettrace.parseAsRoot(spelling.arguments) as? IptraceCommand)
        return command.request
    }

    @Test func theExamplesOfTheDocument() throws {
        let telnet = try request("-i en0 -p telnet -s airmail /tmp/telnet.trace")
        #expect(telnet.capture.interface == "en0" && telnet.format == .pcapng && !telnet.isForeground)
        #expect(telnet.filter.ports == ["telnet"] && telnet.filter.sources == ["airmail"])
        #expect(!telnet.filter.isBidirectional && telnet.rotation == LogRotation())
        #expect(try request("-i en0 -s airmail -b /tmp/telnet.trace").filter.isBidirectional)
        #expect(try request("-S 1500 /tmp/iptrace.dump").capture.snapLength == 1500)
    }

    @Test func packetsAreWholeUnlessTheyAreCut() throws {
        #expect(try request("f").capture.snapLength == 262_144)
        #expect(try request("-B f").capture.snapLength == 80)
        #expect(try request("-B -S1500 f").capture.snapLength == 1500)
    }

    @Test func processesNeedHooks() throws {
        let command = try request("trace -- curl -s example.org")
        #expect(command.command == ["curl", "-s", "example.org"] && command.path == "trace")
        #expect(command.isForeground && command.usesHooks && !command.tracesPath)
        let processes = try request("--pid 7,8 --comm curl --cgroup /web -Q trace")
        #expect(processes.processes == ["7,8"] && processes.commands == ["curl"] && processes.cgroups == ["/web"])
        #expect(processes.usesHooks && processes.tracesPath && !processes.isForeground)
        #expect(try !request("trace").usesHooks)
        for line in ["-T trace -- true", "--pid 1 -e trace", "--comm x -L 9k trace", "--cgroup / -Z nobody trace"] {
            #expect(throws: (any Error).self) { try request(line) }
        }
    }

    @Test func theFormOfTheFiles() throws {
        // A pcap file has one link type: that of the interface, or a header for all.
        #expect(try request("-T f").capture.isCooked && request("-T f").format == .pcap)
        #expect(try !request("-T -i en0 f").capture.isCooked)
        let old = try request("-L 64k f").rotation
        #expect(old.kind == .old && old.size == 65_536 && old.seconds == nil)
        let numbered = try request("--files 3 --file-size 1M --file-duration 2.5 f").rotation
        #expect(numbered.kind == .numbered(kept: 3) && numbered.size == 1 << 20 && numbered.seconds == 2.5)
        #expect(try request("--file-size 10 f").rotation.kind == .numbered(kept: 0))
    }

    @Test(arguments: [
        ("", "name the file"), ("dir/", "is a folder"), ("-u f", "-u records nothing"), ("-b f", "-b needs -s or -d"),
        ("-V f", "-V needs -Q"), ("-T --format iptrace2 f", "-T excludes"), ("-S 0 f", "-S 0"), ("-L 0 f", "-L"),
        ("--files 3 f", "--files needs"), ("-L 1k --file-size 1k f", "-L excludes"), ("-c 0 f", "-c 0"),
        ("--file-duration 0.1 f", "--file-duration"),
    ])
    func contradictions(line: String, message: String) {
        #expect(refusal(["iptrace"] + words(line)).contains(message))
    }

    @Test func eachErrorHasItsCode() {
        func code(_ error: any Error) -> Int32 { IptraceFailure(error).code }
        func invalid(_ option: String, _ text: String) -> FilterError {
            .invalidOption(option: option, text: text, reason: "", advice: "")
        }
        #expect(code(CaptureFailure.noInterfaces) == 1 && code(CaptureFailure.unknownInterface("x")) == 1)
        #expect(code(CaptureFailure.noPermission(to: "")) == 1)
        #expect(code(CaptureFailure.socket(attempt: "", .noMemory)) == 5)
        #expect(code(LogFailure.notContinuable(path: "", reason: "")) == 5)
        #expect(code(LogFailure.unreadable(path: "", reason: "")) == 2)
        #expect(code(LogFailure.networkFileSystem(path: "", type: "NFS")) == 1)
        #expect(code(invalid("-P", "x")) == 9 && code(CaptureFailure.filter(invalid("-p", "x"))) == 9)
        #expect(code(invalid("-s", "x")) == 1)
        #expect(IptraceFailure(invalid("-d", "300.1.1.1")).message.hasPrefix("the address was formed incorrectly"))
        #expect(!IptraceFailure(invalid("-d", "host")).message.hasPrefix("the address"))
    }

    @Test func theArgumentsOfASubsystemAreWords() throws {
        #expect(try StartSourceCommand.words(" -a  '/tmp/my trace' \"\" x'y'z ") == ["-a", "/tmp/my trace", "", "xyz"])
        #expect(throws: ValidationError.self) { try StartSourceCommand.words("'x") }
        let spelling = Spelling(commandLine: ["startsrc", "-s", "iptrace", "-a", "-a -i en0 /tmp/x"])
        let command = try #require(try Nettrace.parseAsRoot(spelling.arguments) as? StartSourceCommand)
        #expect(command.arguments == "-a -i en0 /tmp/x")
        #expect(refusal(["stopsrc", "-s", "nfs"]).contains("iptrace is the only subsystem"))
    }

    @Test func sizesHaveSuffixes() {
        #expect(ByteSize(argument: "100000")?.bytes == 100_000 && ByteSize(argument: "2G")?.bytes == 2 << 30)
        for wrong in ["", "k", "-1", "1.5M", "0", "99999999999999999999", "18014398509481984k"] {
            #expect(ByteSize(argument: wrong) == nil, "\(wrong)")
        }
    }
}
