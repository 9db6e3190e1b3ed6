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

    /// As /proc/kallsyms, in a file of its own.
    private func table(_ text: String) throws -> SymbolTable {
        var path = Array("/tmp/nettrace-symbols-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let name = String(decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(name) }
        try FileDescriptor(rawValue: descriptor).writeAll(text.utf8)
        return try SymbolTable(file: FilePath(name))
    }

    @Test(
        arguments: [
            (0xffff_ffff_8100_0000, "_text+0x0"), (0xffff_ffff_8100_01a3, "ip_rcv+0xa3"),
            (0xffff_ffff_c040_1fff, "cleanup_module+0x7f [tun]"), (0xffff_ffff_c041_0010, "vxlan_rcv+0x10 [vxlan]"),
            // Another module, loaded since: nobody knows its names, and tun's are not its.
            (0xffff_ffff_c040_2010, "0xffffffffc0402010"), (0xffff_ffff_c041_1000, "0xffffffffc0411000"),
            (0xffff_ffff_80ff_ffff, "0xffffffff80ffffff"), (0xffff_ffff_9100_0000, "0xffffffff91000000"),
        ] as [(UInt64, String)])
    func addressesHaveNames(address: UInt64, name: String) throws {
        #expect(SymbolResolver(try table(Self.listing)).describe(address) == name)
    }

    @Test func withoutPrivilegesNoAddressIsKnown() throws {
        let hidden = SymbolResolver(try table("0000000000000000 T ip_rcv\n0000000000000000 t tun_do_read\t[tun]\n"))
        #expect(hidden.isEmpty)
        #expect(hidden.describe(0xffff_ffff_8100_01a3) == "0xffffffff810001a3")
    }

    @Test func onlyFunctionsAreKept() throws {
        let table = try table(Self.listing)
        #expect(table.symbols.count == 6)
        #expect(table.symbols.map { table.module(of: $0) } == ["", "", "", "tun", "tun", "vxlan"])
        #expect(table.baseName(of: table.symbols[2]) == nil)
    }
}
