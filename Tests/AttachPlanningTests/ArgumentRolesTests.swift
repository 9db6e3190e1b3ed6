import AttachPlanning
import FoundationEssentials
import KernelTypes
import Testing
import Tracers

/// The roles of arguments and the types of returns, from prototypes of each kernel of the matrix: Fixtures/types has
/// the types (.btf) and what follows from them (.txt).
@Suite struct ArgumentRolesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/types")

    private static func inventory(_ kernel: String) throws -> HookInventory {
        let bytes = try Array(Data(contentsOf: folder.appending(path: "\(kernel).btf")))
        var inventory = HookInventory(others: [Glob("*")])
        inventory.add(try TypeTable(bytes), module: nil)
        return inventory
    }

    private static func text(_ inventory: HookInventory) -> [String] {
        let functions = inventory.functions.values.map { function in
            "f \(function.name)\(function.arguments.map(text) ?? " ambiguous") returns \(text(function.returns))"
        }
        let tracepoints = inventory.tracepoints.values.map { "t \($0.name)\(text($0.arguments))" }
        return functions.sorted() + tracepoints.sorted()
    }

    private static func text(_ arguments: HookArguments) -> String {
        let member = arguments.skbMember.map { "@\($0)" } ?? ""
        let roles: [(String, Int?)] = [
            ("skb", arguments.skb), ("sock", arguments.sock), ("request", arguments.request),
            ("reason", arguments.reason), ("location", arguments.location), ("original", arguments.original),
            ("reset", arguments.resetReason),
        ]
        let positions = roles.compactMap { role, position in
            position.map { " \(role)=\($0)\(role == "skb" ? member : "")" }
        }
        let numbers =
            arguments.numbers.isEmpty ? "" : " numbers=" + arguments.numbers.map(String.init).joined(separator: ",")
        return positions.joined() + numbers
    }

    private static func text(_ type: ReturnType) -> String {
        switch type {
        case .unknown: "unknown"
        case .void: "void"
        case .boolean: "bool"
        case .integer(let bits, let isSigned): "\(isSigned ? "s" : "u")\(bits)"
        case .pointer(let target): "\(target ?? "void") *"
        case .enumeration(let type): "\(type.name) (\(type.names.count) names)"
        }
    }

    @Test(arguments: ["5.10", "6.1", "6.12", "7.2"]) func rolesAreThoseOfTheKernel(kernel: String) throws {
        let expected = try String(contentsOf: Self.folder.appending(path: "\(kernel).txt"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        let found = Self.text(try Self.inventory(kernel))
        #expect(found == expected, "\(found.difference(from: expected))")
        #expect(expected.count > 60)
    }

    /// The other reader of the same kernels, Fixtures/kernels/make, finds the same skb.
    @Test(arguments: ["5.10", "6.1", "6.12", "7.2"]) func theSkbIsWhereTheInventoryOfTheKernelHasIt(kernel: String)
        throws
    {
        let found = try Self.inventory(kernel)
        let lines = try String(
            contentsOf: Self.folder.appending(path: "../kernels/\(kernel).txt"), encoding: .utf8
        ).split(separator: "\n")
        var compared = 0
        for line in lines {
            let fields = line.split(separator: " ")
            // Pointers to a pointer are no arguments that a program can use.
            guard fields[2] == "vmlinux", let skb = fields.first(where: { $0.hasPrefix("skb=") }), !skb.hasSuffix("@0")
            else { continue }
            let name = String(fields[1])
            let arguments =
                fields[0] == "t" ? found.tracepoints[name]?.arguments : found.functions[name]?.arguments
            guard let arguments else { continue }
            let member = arguments.skbMember.map { "@\($0)" } ?? ""
            #expect(skb == "skb=\(arguments.skb ?? 0)\(member)", "\(name)")
            compared += 1
        }
        #expect(compared > 40)
    }
}
