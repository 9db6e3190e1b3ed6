import ArgumentParser
import Events
import Testing

@testable import nettrace

@Suite struct DropArgumentsTests {
    private func parse(_ arguments: String...) throws -> NettraceCommand {
        try NettraceCommand.parse(OptionalValues.completed(arguments))
    }

    private func refusal(_ arguments: String...) -> String {
        do {
            _ = try NettraceCommand.parse(OptionalValues.completed(arguments))
            return "accepted"
        } catch {
            return NettraceCommand.message(for: error)
        }
    }

    @Test func theIntervalMayBeLeftOut() throws {
        #expect(try parse("--drop").drop.summary == nil)
        #expect(try parse("--drop", "--summary").drop.summary == 1)
        #expect(try parse("--drop", "--summary", "--json").drop.summary == 1)
        #expect(try parse("--drop", "--summary", "2.5").drop.summary == 2.5)
        #expect(try parse("--drop", "--summary=7").drop.summary == 7)
        let filtered = try parse("--drop", "--summary", "tcp", "port", "80")
        #expect(filtered.drop.summary == 1)
        #expect(filtered.packets.expression == ["tcp", "port", "80"])
        #expect(OptionalValues.completed(["--", "--summary"]) == ["--", "--summary"])
    }

    @Test func dimensions() throws {
        #expect(try parse("--drop", "--summary").drop.dimensions() == [.reason, .location, .device])
        #expect(
            try parse("--drop", "--summary", "--by", "dport, saddr,if").drop.dimensions() == [.dport, .saddr, .device])
        #expect(
            try parse("--drop", "--summary", "--by", "dport,flow", "--by", "reason").drop.dimensions()
                == [.dport, .saddr, .daddr, .sport, .proto, .reason])
    }

    @Test(arguments: [
        (["--drop", "--summary", "--by", "colour"], "valid names are reason, location"),
        (["--drop", "--summary", "--by", ","], "at least one column"),
        (["--drop", "--summary", "0"], "from 0.1 to 86400"),
        (["--drop", "--summary", "nan"], "from 0.1 to 86400"),
        (["--drop", "--summary", "1e9"], "from 0.1 to 86400"),
        (["--drop", "--summary", "--top", "0"], "from 1 on"),
        (["--summary", "2"], "needs --drop"),
        (["--drop-ignore", "NO_SOCKET"], "needs --drop"),
        (["--drop", "--by", "reason"], "--drop --summary"),
        (["--drop", "--top", "5"], "--top is for tables"),
        (["--drop", "-t", "ip_rcv"], "--drop excludes -t"),
        (["--drop", "--tracer-exclude", "ip"], "--drop excludes --tracer-exclude"),
        (["--drop", "--backend", "kprobe"], "--drop excludes --backend"),
        (["--drop", "--ret"], "--drop excludes --ret"),
        (["--drop", "--graph"], "--drop excludes --graph"),
        (["--drop", "--timeline"], "--drop excludes --timeline"),
        (["--drop", "--follow"], "--drop excludes --follow"),
        (["--drop", "--latency"], "--drop excludes --latency"),
        (["--drop", "--latency-between", "a:b"], "--drop excludes --latency-between"),
        (["--drop", "--skb-mode"], "--drop excludes --skb-mode"),
        (["--drop", "--caller"], "--drop excludes --caller"),
        (["--drop", "--stack-tracer", "ip_rcv"], "--drop excludes --stack-tracer"),
        (["--drop", "--summary", "--stack"], "--summary excludes --stack"),
        (["--drop", "--summary", "-w", "file"], "--summary excludes --write"),
        (["--drop", "--summary", "-o", "pid"], "--summary excludes -o"),
        (["--drop", "--summary", "--sock"], "--summary excludes --sock"),
        (["--drop", "--summary", "--detail"], "--summary excludes --detail"),
    ])
    func contradictions(arguments: [String], words: String) {
        do {
            _ = try NettraceCommand.parse(OptionalValues.completed(arguments))
            Issue.record("accepted \(arguments)")
        } catch {
            #expect(NettraceCommand.message(for: error).contains(words))
            #expect(NettraceCommand.exitCode(for: error) == .validationFailure)
        }
    }

    @Test func whatGoesTogether() throws {
        _ = try parse("--drop", "--stack", "-o", "pid,if", "-w", "file", "-p", "udp", "-i", "lo")
        _ = try parse("--drop", "--summary", "--json", "-c", "3", "--drop-ignore", "normal", "--mark", "1", "udp")
    }
}
