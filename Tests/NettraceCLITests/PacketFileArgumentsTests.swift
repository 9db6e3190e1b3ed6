import ArgumentParser
import Rendering
import Testing

@testable import NettraceCLI

/// A capture file instead of events, or beside them.
@Suite struct PacketFileArgumentsTests {
    private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    private func parsed(_ line: String) throws -> EventsRequest {
        let command = try Nettrace.parseAsRoot(Spelling(words(line)).arguments)
        return try #require((command as? TraceCommand)?.request ?? (command as? ReadCommand)?.request)
    }

    @Test func packetsAreWholeAndJudged() throws {
        let request = try parsed("--pcapng f --pid 7 tcp").ofPacketFile
        #expect(request.life.timeline && request.diagnosis.diagKeep && request.followsPackets)
        #expect(request.payload.configuration?.snapshot == 262_144)
        #expect(request.output.columns == ["pid,if,container"])
        let own = try parsed("--pcapng f --snapshot-length 96 -o if --diag-quiet").ofPacketFile
        #expect(own.payload.configuration?.snapshot == 96 && own.output.columns == ["if"])
        #expect(own.diagnosis.diagQuiet && !own.diagnosis.diagKeep)
        #expect(try parsed("-r f --pcapng g").ofPacketFile.payload.configuration == nil)
    }

    @Test func theFormOfTheFile() throws {
        let cooked = try #require(
            try PacketFile(parsed("--pcapng f --linktype sll2 --every-hook --snapshot-length 96 --print --json")))
        #expect(cooked.path == "f" && cooked.shows && cooked.settings.isCooked && cooked.settings.showsEveryHook)
        #expect(cooked.settings.limit == 96 && cooked.view.diagnosisSetup != nil && !cooked.view.json)
        #expect(try PacketFile(parsed("--timeline")) == nil)
    }

    @Test(arguments: [
        ("--pcapng f --json", "leave out --json"), ("--pcapng f -X", "leave out -x, -X and -A"),
        ("--pcapng f --graph", "leave out --graph"), ("--pcapng f -w g", "--write makes a recording"),
        ("--pcapng f --drop", "--diag-quiet"), ("--pcapng f --monitor", "--monitor shows events of sockets"),
        ("--pcapng f --sock", "--sock shows events of sockets"), ("--every-hook", "--every-hook is for capture files"),
        ("--print", "--print is for capture files"), ("--pcapng - --print", "--print shows events on standard output"),
        ("--pcapng f --ring-size 256", "--ring-size 256: packets of 262144"),
        ("iptrace -Q -T f", "-Q excludes -T"), ("iptrace -Q -e f", "-Q excludes -e"),
    ])
    func contradictions(line: String, message: String) { #expect(refusal(words(line)).contains(message)) }

    @Test func theCommandOfWireshark() throws {
        let line = "--capture --extcap-interface nettrace --fifo f --extcap-capture-filter icmp --netns web --lost"
        let command = try #require(try Nettrace.parseAsRoot(Spelling(words(line)).arguments) as? ExtcapCommand)
        #expect(command.extcap.capture && command.extcap.fifo == "f" && command.extcap.filter == "icmp")
        #expect(command.options.netns == "web" && command.options.lost)
    }
}
