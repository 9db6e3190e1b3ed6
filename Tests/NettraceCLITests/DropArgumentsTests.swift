import ArgumentParser
import Events
import Testing

@testable import NettraceCLI

@Suite struct DropArgumentsTests {
    private func table(_ arguments: String...) throws -> DropTableCommand {
        try #require(try Nettrace.parseAsRoot(Spelling(arguments).arguments) as? DropTableCommand)
    }

    @Test func theIntervalMayBeLeftOut() throws {
        #expect(try table("--drop", "--summary").every == 1)
        #expect(try table("--drop", "--summary", "--json").every == 1)
        #expect(try table("--drop", "--summary", "2.5").every == 2.5)
        #expect(try table("--drop", "--summary=7").every == 7)
        #expect(try table("table", "drops").every == 1)
        #expect(try table("table", "drops", "--every", "3").every == 3)
        let filtered = try table("--drop", "--summary", "tcp", "port", "80")
        #expect(filtered.every == 1)
        #expect(filtered.table.packets.expression == ["tcp", "port", "80"])
    }

    @Test func dimensions() throws {
        #expect(try DropRequest.dimensions([]) == [.reason, .location, .device])
        #expect(try DropRequest.dimensions(["dport, saddr,if"]) == [.dport, .saddr, .device])
        #expect(
            try DropRequest.dimensions(["dport,flow", "reason"]) == [.dport, .saddr, .daddr, .sport, .proto, .reason])
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
        (["--drop", "--summary", "--stack"], "'nettrace table drops'"),
        (["--drop", "--summary", "-w", "file"], "'nettrace table drops'"),
        (["--drop", "--summary", "-o", "pid"], "'nettrace table drops'"),
        (["--drop", "--summary", "--sock"], "Unknown option '--sock'"),
        (["--drop", "--summary", "--detail"], "Unknown option '--detail'"),
    ])
    func contradictions(arguments: [String], words: String) {
        #expect(refusal(arguments).contains(words))
    }

    @Test(arguments: [
        ["--drop", "--stack", "-o", "pid,if", "-w", "file", "-p", "udp", "-i", "lo"],
        ["--drop", "--summary", "--json", "-c", "3", "--drop-ignore", "normal", "--mark", "1", "udp"],
    ])
    func whatGoesTogether(arguments: [String]) throws {
        _ = try Nettrace.parseAsRoot(Spelling(arguments).arguments)
    }
}
