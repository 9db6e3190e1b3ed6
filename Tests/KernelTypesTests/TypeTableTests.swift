import KernelTypes
import Testing

@Suite struct TypeTableTests {
    private let sample: SampleTypes
    private var types: TypeTable { sample.types }

    init() throws { sample = try SampleTypes() }

    @Test func typesAreFoundByTheirSpelling() throws {
        let found = try #require(types.find(spelling: "struct sk_buff *"))
        #expect(found.type == sample.skb && found.stars == 1)
        #expect(types.find(spelling: "const struct net_device*")?.type == sample.device)
        for (spelling, size) in [("unsigned", 4), ("unsigned long", 8), ("u16", 2), ("char", 1), ("enum verdict", 4)] {
            let id = types.find(spelling: spelling)?.type
            #expect(id.flatMap(types.size) == size, "\(spelling)")
        }
        #expect(types.find(spelling: "void *")?.type == .void)
        #expect(types.find(spelling: "struct sock") == nil)
        #expect(types.find(spelling: "") == nil)
    }

    @Test func sizesAndSpellings() throws {
        #expect(types.size(of: sample.skb) == 32)
        let cb = try types.member("cb", of: sample.skb)
        #expect(types.size(of: cb.type) == 8)
        #expect(types.spelling(of: cb.type) == "u16[4]")
        #expect(types.size(of: .void) == nil)
        let function = try #require(types.find(.function, "ip_rcv"))
        #expect(types.spelling(of: function) == "int(struct sk_buff *, const struct net_device *, ...)")
        let trace = try #require(types.find(.typedef, "btf_trace_kfree_skb"))
        #expect(
            types.spelling(of: types.resolved(trace).id) == "void (*)(void *, struct sk_buff *, enum skb_drop_reason)")
    }

    @Test func enumsHaveTheirSign() throws {
        func form(_ name: String) throws -> KernelType.Form {
            types.type(try #require(types.find(.enumeration, name) ?? types.find(.enumeration64, name))).form
        }
        #expect(
            try form("verdict")
                == .enumeration(
                    isSigned: true, [.init("BAD", bits: .max), .init("GOOD", bits: 1)]))
        #expect(try form("wide") == .enumeration(isSigned: false, [.init("LARGE", bits: 0x1_0000_0002)]))
        #expect(types.findEnumerator("SKB_DROP_REASON_NO_SOCKET")?.bits == 3)
        #expect(types.findEnumerator("SKB_DROP_REASON") == nil)
    }

    @Test func prototypesAreValues() throws {
        let inventory = PrototypeInventory(kernel: types)
        let receive = try #require(inventory.functions(named: "ip_rcv").first)
        #expect(receive.prototype.parameters.map(\.name) == ["skb", "dev"])
        #expect(receive.prototype.isVariadic && receive.module == nil)
        #expect(types.spelling(of: receive.prototype.result) == "int")
        let dropped = try #require(inventory.tracepoint(named: "kfree_skb"))
        #expect(dropped.prototype.parameters.map(\.name) == ["skb", "reason"])
        #expect(inventory.tracepoint(named: "consume_skb") == nil)
        #expect(inventory.functions(named: "ip_rcv_core").isEmpty)
        #expect(inventory.names() == (["ip_rcv"], ["kfree_skb"]))
    }

    /// A module's types and strings continue those of the kernel.
    @Test func modulesContinueTheKernel() throws {
        var builder = TypeBuilder(after: types)
        let pointer = builder.addPointer(to: sample.skb)
        let holder = builder.addStructure("nf_hook_state", bytes: 8, [.init("skb", pointer, bitOffset: 0)])
        _ = builder.add(.function, "nf_hook", of: builder.addPrototype(returning: .void, [("state", holder)]))
        let module = try TypeTable(builder.bytes(), base: types)
        #expect(module.find(.structure, "nf_hook_state") == holder)
        #expect(module.find(.structure, "net_device") == sample.device)
        #expect(try module.access("skb->dev->mtu", in: holder).offsets == [0, 8, 4])
        #expect(module.spelling(of: pointer) == "struct sk_buff *")
        let inventory = PrototypeInventory(kernel: types, modules: [("nf_tables", module)])
        #expect(inventory.functions(named: "nf_hook").map(\.module) == ["nf_tables"])
        #expect(inventory.functions(named: "ip_rcv").count == 1, "the base is not listed again")
    }

    @Test func damageIsAnError() throws {
        #expect(throws: TypeTable.Damage.notBTF) { try TypeTable([1, 2, 3]) }
        #expect(throws: TypeTable.Damage.notBTF) { try TypeTable(Array(repeating: 0, count: 64)) }
        var builder = TypeBuilder()
        _ = builder.addInteger("int", bytes: 4)
        let bytes = builder.bytes()
        #expect(throws: TypeTable.Damage.cut) { try TypeTable(bytes.dropLast(2) + []) }
        var unknown = bytes
        unknown[24 + 7] = 31
        #expect(throws: TypeTable.Damage.unknownKind(31)) { try TypeTable(unknown) }
        // A struct with more members than there is room for.
        var long = bytes
        long[24 + 4] = 200
        long[24 + 7] = 4
        #expect(throws: TypeTable.Damage.cut) { try TypeTable(long) }
    }

    @Test func aCircleOfTypedefsEnds() throws {
        var builder = TypeBuilder()
        let one = builder.add(.typedef, "one", of: TypeID(2))
        _ = builder.add(.typedef, "two", of: one)
        let types = try TypeTable(builder.bytes())
        #expect(types.resolve(one) == nil)
        #expect(types.size(of: one) == nil)
        #expect(types.type(TypeID(99)).form == .void)
    }

    /// None of these is possible in C; they must not take for ever.
    @Test func typesWithinThemselvesEnd() throws {
        var builder = TypeBuilder()
        let members = (0..<100).map { KernelType.Member("", TypeID(1), bitOffset: $0) }
        let structure = builder.addStructure("s", bytes: 8, members)
        let prototype = builder.addPrototype(
            returning: TypeID(2), (0..<100).map { _ in (name: "", type: TypeID(3)) })
        let pointer = builder.addPointer(to: prototype)
        let large = builder.addArray(of: TypeID(5), index: .void, count: 0xffff_ffff)
        _ = builder.addArray(of: TypeID(6), index: .void, count: 0xffff_ffff)
        _ = builder.addArray(of: structure, index: .void, count: 0xffff_ffff)
        let types = try TypeTable(builder.bytes())
        #expect(types.memberNames(of: structure).isEmpty)
        #expect(throws: MemberError.self) { try types.member("x", of: structure) }
        #expect(types.spelling(of: pointer).contains("…"))
        #expect(types.size(of: large) == nil)
    }
}
