public import Text

/// The tree of `-t ?`: rows in the order of display.
public struct TracerTree: Sendable {
    /// One line of the tree.
    public struct Node: Sendable {
        /// 0 for the root.
        public var depth: Int
        public var isGroup: Bool
        public var name: String
        /// Empty: the name stands alone.
        public var description: String
        /// Shown in verbose mode; groups have none.
        public var detail: Detail?

        public init(
            depth: Int, isGroup: Bool, name: String, description: String, detail: Detail? = nil
        ) {
            self.depth = depth
            self.isGroup = isGroup
            self.name = name
            self.description = description
            self.detail = detail
        }
    }

    /// The state of a tracer on the running kernel.
    public struct Detail: Sendable {
        public enum Availability: Sendable {
            /// It can be attached; `method` is how, such as "kprobe.multi".
            case available(method: String)
            /// It cannot, and why.
            case missing(reason: String)
            /// Not asked of this kernel (no privileges).
            case unknown
        }

        /// "function" or "tracepoint".
        public var kind: String
        /// The kernel's name for it; may differ from the tracer's name.
        public var kernelName: String
        public var availability: Availability

        public init(kind: String, kernelName: String, availability: Availability) {
            self.kind = kind
            self.kernelName = kernelName
            self.availability = availability
        }
    }

    public var nodes: [Node]

    public init(nodes: [Node]) {
        self.nodes = nodes
    }

    /// Appends the whole tree.
    ///
    /// - Parameters:
    ///   - verbose: add each tracer's detail in brackets.
    ///   - coloured: use ANSI colours.
    public func render(verbose: Bool = false, coloured: Bool = false, into buffer: inout ByteBuffer) {
        let style = Style(isColoured: coloured)
        buffer.append("available tracer:\n")
        buffer.append("---------------------------------------------------\n\n")
        for node in nodes {
            buffer.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, node.depth) * 4))
            buffer.append(node.isGroup ? style.group : style.tracer)
            buffer.appendEscaped(node.name.utf8.span.bytes)
            buffer.appendStyle(style.end)
            if !node.description.isEmpty {
                buffer.append(": ")
                buffer.appendEscaped(node.description.utf8.span.bytes)
            }
            if verbose, let detail = node.detail {
                buffer.append(detail, style)
            }
            buffer.append(UInt8(ascii: "\n"))
        }
    }
}

extension ByteBuffer {
    fileprivate mutating func append(_ detail: TracerTree.Detail, _ style: Style) {
        append(" ")
        appendStyle(style.faint)
        append(UInt8(ascii: "["))
        appendEscaped(detail.kind.utf8.span.bytes)
        append(UInt8(ascii: " "))
        appendEscaped(detail.kernelName.utf8.span.bytes)
        switch detail.availability {
        case .available(let method):
            append(", ")
            appendEscaped(method.utf8.span.bytes)
        case .missing(let reason):
            append(", ")
            appendStyle(style.end)
            appendStyle(style.drop)
            append("not on this kernel: ")
            appendEscaped(reason.utf8.span.bytes)
            appendStyle(style.end)
            appendStyle(style.faint)
        case .unknown:
            break
        }
        append(UInt8(ascii: "]"))
        appendStyle(style.end)
    }
}
