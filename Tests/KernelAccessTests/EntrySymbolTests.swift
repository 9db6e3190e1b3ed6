import BPFCode
import Glibc
import KernelTypes
import SystemPackage
import Testing

@testable import KernelAccess

@Suite struct EntrySymbolTests {
    @Test(arguments: ["ip_rcv", "udp", "a", "tcp_v4_rcv", "netif_receive_skb_list_internal"])
    func namesAreKnownByTheirBeginning(name: String) {
        let prefixes = NamePrefixes(of: [name])
        for suffix in ["", ".isra.0", ".constprop.0"] {
            let isKnown = prefixes.contains(name + suffix)
            #expect(isKnown)
        }
        let isAnother = prefixes.contains("xfrm_input")
        #expect(!isAnother)
    }

    @Test func longNamesShareABeginning() {
        let prefixes = NamePrefixes(of: ["ip6_input_finish"])
        let known = ["ip6_input", "ip6_inpu", "ip6_inp", "ip6_rcv"].filter(prefixes.contains)
        #expect(known == ["ip6_input", "ip6_inpu"])
    }

    @Test func aKernelWithOtherMembersIsLeftAlone() {
        typealias Layout = EntrySymbolProgram.Layout
        let prefixes = Map("prefixes", .array, valueSize: 1 << 15, entries: 1)
        let usual = Layout(value: 32, type: 44, name: 45, module: 557)
        #expect(usual.isUsable)
        #expect(EntrySymbolProgram(layout: usual, prefixes: prefixes).code() != nil)
        for other in [
            Layout(value: -1, type: 44, name: 45, module: 557), Layout(value: 32, type: 44, name: 45, module: -1),
            Layout(value: 32, type: 36, name: 45, module: 557), Layout(value: 32, type: 44, name: 90, module: 557),
        ] {
            #expect(!other.isUsable)
            #expect(EntrySymbolProgram(layout: other, prefixes: prefixes).code() == nil)
        }
    }

    /// The kernel's two listings of its symbols agree, except for BPF programs and other generated code that come and
    /// go between the two readings.
    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func theIteratorTellsWhatTheFileTells() throws {
        let types = try TypeTable.ofKernel()
        guard let entries = EntrySymbols(types) else {
            #expect(FeatureProbe.kernelRelease().prefix(2) < "6.", "a kernel since 6.0 has the iterator")
            return
        }
        let file = try SymbolFile()
        try #require(file.showsAddresses())
        let all = try file.read()
        // One in a hundred, those of modules, which come last, and short names of compilers' copies, whose dot is among
        // the bytes that the program hashes; half of all names begin with __pfx.
        func isShortCopy(_ symbol: SymbolTable.Symbol) -> Bool {
            all.name(of: symbol).prefix(8).contains(UInt8(ascii: "."))
        }
        let names = Set(
            all.symbols.enumerated().lazy.filter { $0 % 100 == 0 || $1.module != 0 || isShortCopy($1) }
                .compactMap { all.baseName(of: $1).map { String(decoding: $0, as: UTF8.self) } }
                .filter { !$0.hasPrefix("__pfx") })
        let found = try #require(entries.table(of: names))
        #expect(Self.entries(of: found, in: names) == Self.entries(of: all, in: names))
        #expect(found.symbols.count < all.symbols.count / 2, "the rest is left out in the kernel")
    }

    private struct Entry: Hashable {
        var name: String
        var module: String
        var address: UInt64
    }

    /// Module names of generated code.
    private static let passing: Set = ["bpf", "__builtin__ftrace", "__builtin__kprobes"]

    private static func entries(of table: SymbolTable, in names: Set<String>) -> Set<Entry> {
        Set(
            table.symbols.compactMap { symbol in
                guard !passing.contains(table.module(of: symbol)),
                    let base = table.baseName(of: symbol).map({ String(decoding: $0, as: UTF8.self) }),
                    names.contains(base)
                else { return nil }
                return Entry(
                    name: String(decoding: table.name(of: symbol), as: UTF8.self), module: table.module(of: symbol),
                    address: symbol.address)
            })
    }
}
