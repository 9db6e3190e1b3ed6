import DCompiler
import Text

/// Option flowindent: entries and returns of functions are indented as they are nested.
struct FlowIndent {
    private var depth = 0
    private var isReturn = false

    static func writeHeading(to buffer: inout ByteBuffer) {
        buffer.append("CPU FUNCTION                                 \n")
    }

    mutating func enter(_ probe: Probe) {
        if probe.name == "return", depth > 0 { depth -= 1 }
    }

    mutating func leave(_ probe: Probe) {
        if probe.name == "entry" { depth += 1 }
    }

    /// `%3d %-41s `, in which the name has an arrow.
    func writeRow(cpu: Int, _ probe: Probe, to buffer: inout ByteBuffer) {
        let isCall = probe.provider == "syscall"
        let name =
            switch probe.name {
            case "entry": (isCall ? "=> " : "-> ") + probe.function
            case "return": (isCall ? "<= " : "<- ") + probe.function
            default: "| " + probe.function + ":" + probe.name
            }
        let number = String(cpu)
        buffer.appendSpaces(3 - number.utf8.count)
        buffer.append(contentsOf: number.utf8)
        buffer.append(UInt8(ascii: " "))
        buffer.appendSpaces(2 * depth + 1)
        buffer.append(contentsOf: name.utf8)
        buffer.appendSpaces(40 - 2 * depth - name.utf8.count + 1)
    }
}
