import Glibc
import SystemPackage
import Testing

@testable import KernelAccess

@Suite struct SymbolTests {
    private static let listing = """
        ffffffff81000000 T _text
        ffffffff81000100 t ip_rcv
        ffffffff81000200 T tcp_v4_rcv.cold
        ffffffff82000000 D jiffies
        ffffffffc0401000 t tun_get_user\t[tun]
        ffffffffc0401f80 t cleanup_module\t[tun]
        ffffffffc0410000 t vxlan_rcv\t[vxlan]
        """

    /// A table from a file like /proc/kallsyms.
    private func table(_ text: String) throws -> SymbolTable {
        var path = Array("/tmp/nettrace-symbols-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        unlink(name)
        let file = FileDescriptor(rawValue: descriptor)
        try file.writeAll(text.utf8)
        try file.seek(offset: 0, from: .start)
        return try SymbolTable(file)
    }

    @Test(
        arguments: [
            (0xffff_ffff_8100_0000, "_text+0x0"), (0xffff_ffff_8100_01a3, "ip_rcv+0xa3"),
            (0xffff_ffff_c040_1fff, "cleanup_module+0x7f [tun]"), (0xffff_ffff_c041_0010, "vxlan_rcv+0x10 [vxlan]"),
            // An address in another module, which was loaded later: it has no name, and must not get one of tun.
            (0xffff_ffff_c040_2010, nil), (0xffff_ffff_c041_1000, nil),
            (0xffff_ffff_80ff_ffff, nil), (0xffff_ffff_9100_0000, nil),
        ] as [(UInt64, String?)])
    func addressesHaveNames(address: UInt64, name: String?) throws {
        #expect(SymbolResolver(try table(Self.listing)).describe(address) == name)
    }

    @Test func withoutPrivilegesNoAddressIsKnown() throws {
        let hidden = SymbolResolver(try table("0000000000000000 T ip_rcv\n0000000000000000 t tun_do_read\t[tun]\n"))
        #expect(hidden.isEmpty)
        #expect(hidden.describe(0xffff_ffff_8100_01a3) == nil)
    }

    @Test func whatIsLoadedMeanwhileGetsItsName() throws {
        var time: UInt64 = 100
        var reads = 0
        let later = try table(Self.listing + "\nffffffffc0420000 t wg_xmit\t[wireguard]")
        let symbols = KernelSymbols(try table(Self.listing), now: { time }) {
            reads += 1
            time += 10
            return later
        }
        #expect(symbols.describe(0xffff_ffff_8100_01a3) == "ip_rcv+0xa3")
        #expect(reads == 0)
        #expect(symbols.describe(0xffff_ffff_c042_0010) == "wg_xmit+0x10 [wireguard]")
        #expect(symbols.describe(0xffff_ffff_c041_1000) == "0xffffffffc0411000")
        #expect(reads == 1, "not again before ten times as long as it took")
        time += 100
        #expect(symbols.describe(0xffff_ffff_c041_1000) == "0xffffffffc0411000")
        #expect(reads == 2)
    }

    @Test func hiddenSymbolsAreNotReadAgain() throws {
        let symbols = KernelSymbols(try table("0000000000000000 T ip_rcv")) { fatalError("nothing can have changed") }
        #expect(symbols.areHidden)
        #expect(symbols.describe(0xffff_ffff_8100_01a3) == "0xffffffff810001a3")
    }

    @Test func onlyFunctionsAreKept() throws {
        let table = try table(Self.listing)
        #expect(table.symbols.count == 6)
        #expect(table.symbols.map { table.module(of: $0) } == ["", "", "", "tun", "tun", "vxlan"])
        #expect(table.baseName(of: table.symbols[2]) == nil)
    }
}
