import ArgumentParser
import FilterLanguage
import Protocols
import Snoop
import Testing

@testable import NettraceCLI

@Suite struct NetsnoopTests {
    private func command(_ line: String) throws -> NetsnoopCommand {
        let words = line.split(separator: " ").map(String.init)
        return try #require(try Nettrace.parseAsRoot(Spelling(["netsnoop"] + words).arguments) as? NetsnoopCommand)
    }

    @Test(arguments: [
        ("-vxc 1 tcp", "-v -x -c 1 -- tcp"), ("-vxc1 tcp", "-v -x -c 1 -- tcp"),
        ("-i f ip.len -14 = 70", "-i f -- ip.len -14 = 70"), ("-c 10 -- -1", "-c 10 -- -1"),
        ("--stop-on tcp -x udp -v", "--stop-on tcp -x -- udp -v"), ("-i - udp", "-i - -- udp"),
        ("-vvvx", "-v -v -v -x"),
    ])
    func lettersAreJoinedAsInGetopt(_ line: String, _ expected: String) {
        let words = NetsnoopSpelling.canonical(line.split(separator: " ").map(String.init))
        #expect(words.joined(separator: " ") == expected)
    }

    @Test func filterWordsAreJoined() throws {
        let command = try command("-i f -vvx ip . src jake")
        #expect(command.filter == ["ip . src jake"])
        #expect(command.options.verbose == 2 && command.options.dumpsData && command.options.input == "f")
    }

    @Test(arguments: [
        ("-i f -T csv", "only 'fields'"), ("-i f -T fields", "needs fields"),
        ("-i f -c 0", "at least 1"), ("-i f -t 0", "above 0"), ("-i f --json --stats", "--json excludes --stats"),
        ("-i f -q 0", "at least 1"), ("-i f --follow tcp --stats", "--stats excludes --follow"),
    ])
    func contradictionsAreRefused(_ line: String, _ message: String) {
        #expect(refusal(["netsnoop"] + line.split(separator: " ").map(String.init)).contains(message))
    }

    /// The command line overrides the user's settings.
    @Test func settingsComeFirst() throws {
        var settings = NetsnoopSettings()
        settings.read("option -c 1 -x -n ether\nset ip.nohostname\ndefine web tcp.port 80\n", "rc")
        #expect(settings.warnings == [])
        let options = try command("-i /dev/null -c 2 -v web").options.completed(by: settings.defaults)
        let request = try SnoopRequest(options, filter: "web", settings: settings.resources)
        #expect(request.count == 2 && request.display.dumpsData && request.display.hidden == ["ether"])
        #expect(request.display.detail == .more && request.macros.all(in: "*").contains { $0.name == "web" })
        settings.read("option -c 1 tcp\noption -Z\n", "rc")
        #expect(settings.warnings.count == 1)
    }

    @Test func protocolsOfOptionsExist() throws {
        let options = try command("-i /dev/null -h tcp,bootp -p ip.nohostname").options
        #expect(try SnoopRequest(options, filter: "", settings: ResourceFile()).display.dumped == ["tcp", "dhcp"])
        #expect(throws: RunError.self) {
            try SnoopRequest(try command("-i /dev/null -n nosuch").options, filter: "", settings: ResourceFile())
        }
        #expect(throws: RunError.self) {
            try SnoopRequest(try command("-i /dev/null -p ip.x").options, filter: "", settings: ResourceFile())
        }
        #expect(throws: RunError.self) {
            try SnoopRequest(try command("-i /dev/null --decode 80=http").options, filter: "", settings: ResourceFile())
        }
    }

    /// Files, devices, addresses and names of this machine, other hosts.
    @Test func inputsAreToldApart() throws {
        let local = try #require(IPAddress("127.0.0.1"))
        let names = { (name: String) -> [IPAddress] in name == "me" ? [local] : [] }
        #expect(try SnoopInput("-", addresses: names) == .file("-"))
        #expect(try SnoopInput("./lo", addresses: names) == .file("./lo"))
        #expect(try SnoopInput("lo", addresses: names) == .device("lo"))
        #expect(try SnoopInput("127.0.0.1", addresses: names) == .device("lo"))
        #expect(try SnoopInput("me", addresses: names) == .device("lo"))
        #expect(try SnoopInput("any", addresses: names) == .allDevices)
        #expect(try SnoopInput("jake:eth0", addresses: names) == .remote(host: "jake", device: "eth0"))
        for wrong in ["nosuchdevice", "192.0.2.77", "-x:eth0", "jake:", ":eth0"] {
            #expect(throws: RunError.self, "\(wrong)") { try SnoopInput(wrong, addresses: names) }
        }
    }

    @Test func errorsHaveReasons() throws {
        let flags = try ErrorFlags(["checksum,toobig", "memory"])
        #expect(flags.mnemonic(of: "TCP_CSUM") == "checksum" && flags.mnemonic(of: "PKT_TOO_BIG") == "toobig")
        #expect(flags.mnemonic(of: "PROTO_MEM") == "memory" && flags.mnemonic(of: "NOMEM") == nil)
        #expect(try ErrorFlags(["any"]).mnemonic(of: "FULL_RING") == "overflow")
        #expect(flags.mnemonic(of: "NO_SOCKET") == nil)
        #expect(throws: RunError.self) { try ErrorFlags(["checksums"]) }
        // Only the kernel of this machine tells them.
        #expect(throws: RunError.self) {
            try SnoopRequest(try command("-i /dev/null -e any 1").options, filter: "1", settings: ResourceFile())
        }
    }

    /// Names in the command for the other host's shell are quoted.
    @Test func remoteCommandsAreQuoted() {
        let command = RemoteCapture.command(device: "eth'0; reboot", length: 99)
        #expect(command.contains("-i 'eth'\\''0; reboot' -l 99 -o - \"$f\""))
    }

    @Test func theNameOfTheProgramIsACommand() {
        let words = Spelling(commandLine: ["/usr/sbin/netsnoop", "-vxc1", "tcp"]).arguments
        #expect(words == ["netsnoop", "-v", "-x", "-c", "1", "--", "tcp"])
    }
}
