/// A packet filter as eBPF instructions, ready to become the body of nt_packet_filter() before the program is loaded.
public struct TranslatedFilter: Sendable {
    /// One struct bpf_insn each, laid out for this machine. Called with r1 = struct nt_filter_ctx * on the caller's
    /// stack (see `FilterContextLayout`); returns 1 for a match and 0 otherwise, uses up to 72 bytes of stack and
    /// the helper bpf_probe_read_kernel, and ends in an exit.
    public let instructions: [UInt64]
    /// The whole filter as one pcap-filter(7) expression.
    public let expression: String
    /// The expression speaks of VLAN tags: one that the kernel keeps beside the packet has to be shown to it in its place.
    public let looksAtVLANTags: Bool

    /// Nil when the options ask for nothing: every packet matches.
    ///
    /// May block: names of hosts are looked up.
    public init?(_ options: FilterOptions) throws(FilterError) {
        guard let expression = try options.expressionText() else { return nil }
        instructions = try Translator.translate(Self.program(expression), expression: expression)
        self.expression = expression
        looksAtVLANTags = Self.words(of: expression).contains("vlan")
    }

    /// The program for an expression, which also looks behind a VLAN tag that still stands in the packet, as it looks past
    /// one that the kernel has put beside it: drivers without VLAN offload leave tags to the stack.
    static func program(_ expression: String) throws(FilterError) -> ClassicProgram {
        let plain: ClassicProgram
        do {
            plain = try ClassicProgram(compiling: expression)
        } catch .rejected(_, let message) where message.contains("rejects all packets") {
            throw .contradiction(expression: expression)
        }
        guard words(of: expression).isDisjoint(with: shifting) else { return plain }
        return (try? ClassicProgram(compiling: "(\(expression)) or (vlan and (\(expression)))")) ?? plain
    }

    /// Words that move the headers for all that stands behind them.
    private static let shifting: Set<Substring> = ["vlan", "mpls", "pppoed", "pppoes", "geneve", "vxlan"]

    /// "vlan" is a keyword of the language; a host of that name would have to be written "\\vlan".
    private static func words(of expression: String) -> Set<Substring> {
        Set(expression.split { !($0.isLetter || $0.isNumber || "\\.-_".contains($0)) })
    }
}
