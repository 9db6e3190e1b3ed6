import ArgumentParser
import Testing

@testable import NettraceCLI

/// Every way to write a command leads to that command.
@Suite struct SpellingTests {
    @Test(
        arguments: [
            ([], "TraceCommand"), (["tcp", "port", "80"], "TraceCommand"), (["-t", "ip,tcp"], "TraceCommand"),
            (["-t", "?"], "TraceCommand"), (["trace", "--timeline"], "TraceCommand"), (["--drop"], "TraceCommand"),
            (["--sock"], "TraceCommand"), (["-w", "f"], "TraceCommand"), (["host", "read"], "TraceCommand"),
            (["--", "--rtt"], "TraceCommand"), (["--not", "-i", "lo", "icmp"], "TraceCommand"),
            (["-r", "f"], "ReadCommand"), (["--read", "f"], "ReadCommand"), (["--read=f"], "ReadCommand"),
            (["-vr", "f"], "ReadCommand"), (["--timeline", "-r", "-", "tcp"], "ReadCommand"),
            (["read", "f"], "ReadCommand"),
            (["read", "f", "--not", "-p", "arp", "udp"], "ReadCommand"), (["-r", "f", "-w", "g"], "ReadCommand"),
            (["--drop", "--summary"], "DropTableCommand"), (["--summary", "2", "--drop"], "DropTableCommand"),
            (["table", "drops"], "DropTableCommand"), (["--rtt"], "RoundTripTableCommand"),
            (["--rtt=2"], "RoundTripTableCommand"), (["--rtt-detail"], "RoundTripTableCommand"),
            (["table", "rtt"], "RoundTripTableCommand"), (["--tcp-summary", "5"], "ConnectionTableCommand"),
            (["table", "connections", "--every", "5"], "ConnectionTableCommand"),
            (["explain", "NO_SOCKET"], "ExplainCommand"), (["--features"], "FeaturesCommand"),
            (["--json", "--features"], "FeaturesCommand"), (["features", "--json"], "FeaturesCommand"),
            (["tracers", "-v"], "TracersCommand"), (["ipreport", "-ns", "f"], "IPReportCommand"),
            (["netsnoop", "-i", "f", "tcp"], "NetsnoopCommand"),
            (["--pcapng", "f", "tcp"], "TraceCommand"), (["-r", "f", "--pcapng", "g"], "ReadCommand"),
            (["export", "--to", "pcapng", "f", "-o", "g", "tcp"], "ExportCommand"),
            (["--extcap-interfaces", "--extcap-version=4.4"], "ExtcapCommand"),
            (["--extcap-interface", "nettrace", "--extcap-dlts"], "ExtcapCommand"),
            (
                ["--capture", "--extcap-interface", "nettrace", "--fifo", "f", "--extcap-capture-filter", "port 80"],
                "ExtcapCommand"
            ),
        ] as [([String], String)])
    func theCommand(words: [String], name: String) throws {
        let command = try Nettrace.parseAsRoot(Spelling(words).arguments)
        #expect("\(type(of: command))" == name)
    }

    @Test(arguments: ["ipreport", "/usr/local/sbin/ipreport"]) func linksAreCommands(program: String) throws {
        let command = try #require(
            try Nettrace.parseAsRoot(Spelling(commandLine: [program, "-ns", "-X", "0", "f"]).arguments)
                as? IPReportCommand)
        #expect(command.file == "f" && command.numbers && command.prefixes && command.byteLimit == 0)
        #expect(Spelling(commandLine: ["/opt/ipreport/nettrace", "f"]).arguments == ["f"])
    }

    @Test func theWordsOfARecording() throws {
        let command = try #require(
            try Nettrace.parseAsRoot(Spelling(["-p", "tcp", "-vr", "f.ntr", "port 80"]).arguments) as? ReadCommand)
        #expect(command.file == "f.ntr")
        #expect(command.events.running.verbose)
        #expect(command.events.packets.protocols == ["tcp"])
        #expect(command.events.packets.expression == ["port 80"])
        #expect(command.request.readsRecording)
    }

    @Test(arguments: [["-r"], ["--read"], ["trace", "-r", "f"]])
    func aRecordingNeedsItsFile(words: [String]) { #expect(refusal(words).contains("nettrace read FILE")) }

    @Test(arguments: [["features", "-c", "1"], ["tracers", "--ready-file", "f"]])
    func aListHasNoEnd(words: [String]) { #expect(refusal(words).contains("Unknown option")) }

    @Test func valuesThatMayBeLeftOut() {
        #expect(Spelling.completed(["--summary", "--json"]) == ["--summary", "1", "--json"])
        #expect(Spelling.completed(["--summary", "3"]) == ["--summary", "3"])
        #expect(Spelling.completed(["--", "--summary"]) == ["--", "--summary"])
    }

    @Test(arguments: [["--help"], ["-h"], ["--drop", "--help"]])
    func helpIsThatOfTheDefaultCommand(words: [String]) {
        #expect(Spelling(words).arguments.first == "trace")
    }

    @Test(arguments: [
        "trace", "read", "table", "table drops", "table rtt", "table connections", "explain", "features", "ipreport",
        "netsnoop",
    ])
    func everyCommandHasHelp(name: String) {
        do {
            var command = try Nettrace.parseAsRoot(["help"] + name.split(separator: " ").map(String.init))
            try command.run()
            Issue.record("no help")
        } catch {
            #expect(Nettrace.exitCode(for: error) == .success)
            #expect(Nettrace.fullMessage(for: error).contains("USAGE: nettrace"))
        }
    }
}
