import Events
import Text

/// Call stacks below their event's line. One that was written before is only named by its number.
struct StackText {
    private let repeats: Bool
    /// Number of each stack that was written, by its frames.
    private var known: [[UInt64]: Int] = [:]

    /// Enough for any trace that a person reads; beyond, stacks are written out again.
    private static let limit = 4096

    /// - Parameter repeats: write out every stack, also those that were written before.
    init(repeats: Bool) { self.repeats = repeats }

    /// Appends the lines of the stack.
    mutating func append(_ stack: StackSection, _ symbols: SymbolCache, to buffer: inout ByteBuffer) {
        let frames = (0..<stack.count).map { stack.frame($0) }
        guard !frames.isEmpty else {
            buffer.append("    stack: the kernel gave none\n")
            return
        }
        if !repeats, let number = known[frames] {
            buffer.append("    stack ")
            buffer.appendDecimal(number)
            buffer.append(", see above\n")
            return
        }
        if !repeats, known.count < Self.limit {
            known[frames] = known.count + 1
            buffer.append("    stack ")
            buffer.appendDecimal(known.count)
            buffer.append(":\n")
        }
        for (index, frame) in frames.enumerated() {
            let name = symbols.name(of: frame)
            guard !Self.isTracing(name, at: index) else { continue }
            buffer.append("        ")
            buffer.appendEscaped(name.span.bytes)
            buffer.append(UInt8(ascii: "\n"))
        }
    }

    /// The frames that tracing itself adds on top of a tracepoint's stack; our own program, loaded after the symbols were read, has
    /// no name yet.
    static func isTracing(_ name: [UInt8], at index: Int) -> Bool {
        if index == 0, name.starts(with: "0x".utf8) { return true }
        if isReturnProbe(name) { return true }
        return ["bpf_prog_", "bpf_trace_run", "__bpf_trace_", "__traceiter_", "bpf_get_stack"].contains {
            name.starts(with: $0.utf8)
        }
    }

    /// The functions that replace a return address while the return is watched: kernel/trace/rethook.c and, before it and
    /// beside it, kprobes and function graphs.
    static func isReturnProbe(_ name: [UInt8]) -> Bool {
        ["arch_rethook_trampoline", "__kretprobe_trampoline", "kretprobe_trampoline", "return_to_handler"].contains {
            name.starts(with: $0.utf8)
        }
    }
}
