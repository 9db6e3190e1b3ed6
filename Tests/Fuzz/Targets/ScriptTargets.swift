import DLanguage
import KernelTypes

/// D programs.
enum ScriptTargets {
    static func program(_ bytes: UnsafeRawBufferPointer) {
        let source = SourceText(name: "script.d", text: Array(bytes), kind: .commandLine)
        let arguments = MacroArguments(words: ["1", "name"], numbers: ["pid": 1])
        do {
            let program = try DProgram.check(sources: [source], arguments: arguments, types: TypeStore(kernel: types))
            _ = program.listing
        } catch {
            precondition(!error.description.isEmpty, "an error without a text")
        }
    }

    /// A few of the kernel's structs: look-ups in all of them would take a hundred times as long.
    private static let types: TypeTable = {
        var builder = TypeBuilder()
        let byte = builder.addInteger("unsigned char", bytes: 1)
        let short = builder.addInteger("short unsigned int", bytes: 2)
        let int = builder.addInteger("unsigned int", bytes: 4)
        let bytes = builder.addArray(of: byte, index: int, count: 16)
        let header = builder.addStructure(
            "iphdr", bytes: 20,
            [
                .init("ihl", byte, bitOffset: 0, bitSize: 4), .init("version", byte, bitOffset: 4, bitSize: 4),
                .init("tot_len", short, bitOffset: 16), .init("ttl", byte, bitOffset: 64),
                .init("saddr", int, bitOffset: 96), .init("daddr", int, bitOffset: 128),
            ])
        let toHeader = builder.addPointer(to: header)
        let packet = builder.addStructure(
            "sk_buff", bytes: 64,
            [
                .init("len", int, bitOffset: 0), .init("header", toHeader, bitOffset: 64),
                .init("cb", bytes, bitOffset: 128),
            ])
        let receive = builder.addPrototype(returning: int, [("skb", builder.addPointer(to: packet)), ("count", int)])
        _ = builder.add(.function, "ip_rcv", of: receive)
        guard let table = try? TypeTable(builder.bytes()) else { fatalError("the types cannot be read") }
        return table
    }()
}
