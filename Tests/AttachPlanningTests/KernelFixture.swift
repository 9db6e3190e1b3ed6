import AttachPlanning
import FoundationEssentials
import Tracers

/// A kernel of the matrix as the planner sees it, from Tests/Fixtures/kernels.
struct KernelFixture {
    var inventory = KernelInventory()
    var capabilities: Capabilities

    static let withoutKprobes = KernelFixture(
        "6.18", Capabilities(release: "6.18", kprobe: false, kprobeMulti: false, tracepointCookie: true))
    static let legacy = KernelFixture(
        "5.10",
        Capabilities(release: "5.10", kprobe: true, kprobeMulti: false, tracepointCookie: false, moduleBTF: false))
    static let withoutFprobe = KernelFixture(
        "6.1", Capabilities(release: "6.1", kprobe: true, kprobeMulti: false, tracepointCookie: false))
    static let multi = KernelFixture(
        "6.12", Capabilities(release: "6.12", kprobe: true, kprobeMulti: true, tracepointCookie: true))

    private init(_ version: String, _ capabilities: Capabilities) {
        self.capabilities = capabilities
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/kernels/\(version).txt")
        for line in try! String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
            add(line.split(separator: " ").map(String.init))
        }
    }

    /// `f NAME MODULE skb=POSITION[@OFFSET] sock=POSITION [sym=…]`, `t NAME MODULE …`.
    private mutating func add(_ fields: [String]) {
        let arguments = HookArguments(fields.dropFirst(3))
        let module = fields[2] == "vmlinux" ? nil : fields[2]
        if fields[0] == "t" {
            inventory.tracepoints[fields[1]] = KernelTracepoint(
                name: fields[1], module: module, arguments: arguments)
        } else {
            let usable = arguments.isTraceable ? arguments : nil
            inventory.functions[fields[1]] = KernelFunction(
                name: fields[1], module: module, addresses: [0xffff_ffff_8100_0000], arguments: usable)
        }
    }
}

extension HookArguments {
    fileprivate init(_ fields: ArraySlice<String>) {
        self.init()
        for field in fields {
            let parts = field.split(whereSeparator: { "=@".contains($0) })
            guard parts.count >= 2, let position = Int(parts[1]) else { continue }
            switch parts[0] {
            case "skb":
                skb = position
                skbMember = parts.count > 2 ? Int(parts[2]) : nil
            case "sock": sock = position
            default: break
            }
        }
    }
}
