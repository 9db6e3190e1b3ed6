import KernelTypes
import Testing

@Suite struct MemberPathTests {
    private let sample: SampleTypes
    private var types: TypeTable { sample.types }

    init() throws { sample = try SampleTypes() }

    @Test(arguments: [
        ("dev->ifindex", [8, 0], "int"), ("dev->name", [8, 8], "char[16]"), ("dev->name[3]", [8, 11], "char"),
        ("cb[2]", [22], "u16"), ("next->next->dev->mtu", [0, 0, 8, 4], "unsigned int"),
        ("pad", [0], "long unsigned int"),
    ])
    func pathsFollowPointers(path: String, offsets: [Int], type: String) throws {
        let access = try types.access(path, in: sample.skb)
        #expect(access.offsets == offsets)
        #expect(types.spelling(of: access.type) == type)
        #expect(access.bitField == nil)
    }

    @Test func bitFieldsSayTheirBits() throws {
        let access = try types.access("next->nohdr", in: sample.skb)
        #expect(access.offsets == [0, 16])
        #expect(access.bitField == .init(first: 1, count: 2))
    }

    private func error(_ path: String) -> MemberError? {
        do {
            _ = try types.access(path, in: sample.skb)
            return nil
        } catch {
            return error
        }
    }

    @Test func errorsSayWhatThereIs() {
        #expect(
            error("dev->ifidx")
                == .noMember("ifidx", of: "struct net_device", known: ["ifindex", "mtu", "name"]))
        #expect(
            error("nxt")
                == .noMember("nxt", of: "struct sk_buff", known: ["next", "pad", "dev", "cloned", "nohdr", "cb"]),
            "members of anonymous structs are members")
        #expect(error("dev.mtu") == .isPointer("struct net_device *"))
        #expect(error("pad->x") == .notAPointer("long unsigned int"))
        #expect(error("dev->mtu.x") == .notAStruct(member: "x", of: "unsigned int"))
        #expect(error("dev->mtu[1]") == .notAPointer("unsigned int"))
        #expect(error("cb[9223372036854775807]") == .tooFar(index: .max))
        #expect(error("cb[2147483647]") == .tooFar(index: 2_147_483_647))
        #expect(error("cloned.x") == .notAStruct(member: "x", of: "unsigned char"))
    }

    @Test(arguments: ["", "->dev", "dev->", "dev mtu", "dev[", "cb[x]", "[1]", "3dev", "dev-mtu"])
    func malformedPathsAreErrors(path: String) {
        #expect(error(path) == .malformed(path))
    }
}
