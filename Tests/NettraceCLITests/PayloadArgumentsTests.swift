import ArgumentParser
import KernelAccess
import Rendering
import Testing

@testable import NettraceCLI

/// Options for the bytes of packets: tcpdump's letters, and where they make no sense.
@Suite struct PayloadArgumentsTests {
    private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

    private func parsed(_ line: String) throws -> EventsRequest {
        let command = try Nettrace.parseAsRoot(Spelling(words(line)).arguments)
        return try #require((command as? TraceCommand)?.request ?? (command as? ReadCommand)?.request)
    }

    @Test func lettersAreThoseOfTcpdump() throws {
        #expect(try parsed("-x").payload.form == .init(style: .hex, limit: 262_144))
        #expect(try parsed("-xx").payload.form == .init(style: .hex, fromLink: true, limit: 262_144))
        #expect(try parsed("-X").payload.form == .init(style: .hexAndText, limit: 262_144))
        #expect(try parsed("--hex").payload.form == parsed("-X").payload.form)
        #expect(try parsed("-XX").payload.form == .init(style: .hexAndText, fromLink: true, limit: 262_144))
        #expect(try parsed("-A --snapshot-length 96").payload.form == .init(style: .text, limit: 96))
        #expect(try parsed("-A -x -X").payload.form?.style == .hexAndText)
        #expect(try parsed("-A -x").payload.form?.style == .hex)
        #expect(try parsed("-nlX -c 1 tcp").payload.configuration?.snapshot == 262_144)
        #expect(try parsed("--snapshot-length 0 --json").payload.configuration?.snapshot == 262_144)
    }

    @Test func withoutThemNothingIsRecorded() throws {
        let command = try parsed("-p tcp --timeline --json")
        #expect(command.payload.form == nil && command.payload.configuration == nil)
    }

    @Test(arguments: [
        "--drop -X", "--monitor -X", "--timeline -XX", "--follow -x", "--diag -A", "--ret -X -t ip_rcv", "-w f -X",
        "-w f --snapshot-length 60", "-r f -X", "-r f --json --snapshot-length 60", "-X --ring-size 1024",
    ])
    func viewsWithPacketsHaveBytes(_ line: String) throws { _ = try parsed(line) }

    @Test(arguments: [
        ("--drop --summary 1 -X", "Unknown option '-X'"), ("--rtt 1 -x", "Unknown option '-x'"),
        ("--tcp-summary 1 -A", "Unknown option '-A'"),
        ("--sock -X", "-X: an event of a socket"), ("--latency -X", "-X: --latency"), ("--graph -X", "-X: --graph"),
        ("--latency-between a:b -X", "-X: --latency"), ("--snapshot-length 60", "--snapshot-length: say how"),
        ("-r f -w g -X", "-X: --read with --write"), ("-X --ring-size 256", "--ring-size 256: packets of 262144"),
        ("-X --snapshot-length 262145", "--snapshot-length 262145"),
        ("-X --snapshot-length=-1", "--snapshot-length -1"),
    ])
    func viewsWithoutPacketsRefuseThem(line: String, message: String) {
        #expect(refusal(words(line)).hasPrefix("Error: " + message))
    }
}
