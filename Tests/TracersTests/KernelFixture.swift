import FoundationEssentials
import Testing
import Tracers

/// The hooks of one kernel of the matrix, from Tests/Fixtures/kernels (its `make` defines the format of lines).
struct KernelFixture: CustomTestStringConvertible {
    struct Hook {
        let module: String
        /// Whether the arguments contain an skb that a probe can read, directly or one pointer away.
        let hasSkb: Bool
        let hasSock: Bool
        /// Whether the compiler made a clone with a suffix; without BTF for it, arguments may be missing.
        let isClone: Bool
    }

    let version: String
    private let functions: [String: [Hook]]
    private let tracepoints: [String: [Hook]]

    static let all = ["5.10", "6.1", "6.12", "6.18", "7.2"].map(KernelFixture.init)

    init(version: String) {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/kernels/\(version).txt")
        var functions: [String: [Hook]] = [:]
        var tracepoints: [String: [Hook]] = [:]
        for line in try! String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: " ")
            let hook = Hook(
                module: String(fields[2]),
                hasSkb: fields[3...].contains { Self.isReadable($0, "skb=") },
                hasSock: fields[3...].contains { Self.isReadable($0, "sock=") },
                isClone: fields[3...].contains { $0.hasPrefix("sym=") })
            if fields[0] == "f" {
                functions[String(fields[1]), default: []].append(hook)
            } else {
                tracepoints[String(fields[1]), default: []].append(hook)
            }
        }
        self.version = version
        self.functions = functions
        self.tracepoints = tracepoints
    }

    /// Arguments after the fifth may be on the stack, where probes do not read.
    private static func isReadable(_ field: Substring, _ key: String) -> Bool {
        guard field.hasPrefix(key) else { return false }
        let position = Int(field.dropFirst(key.count).prefix { $0 != "@" })
        return (1...5).contains(position ?? 0)
    }

    var testDescription: String { version }

    /// The hooks of this kernel for the first of the tracer's kernel names that it has.
    func hooks(for tracer: Tracer) -> [Hook] {
        for name in tracer.kernelNames {
            let found =
                switch tracer.kind {
                case .function: functions[name]
                case .program: nil as [Hook]?
                // The fixtures list tracepoints without their category, as BTF does.
                case .tracepoint: tracepoints[String(name.split(separator: ":")[1])]
                }
            if let found { return found }
        }
        return []
    }
}
