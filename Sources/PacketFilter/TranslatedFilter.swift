/// A packet filter for the kernel: an expression as eBPF instructions, which become the body of nt_packet_filter()
/// before the program is loaded, and long lists for its maps.
public struct TranslatedFilter: Sendable {
    /// One struct bpf_insn each, encoded for this machine; empty if there are only lists. Called with r1 = struct
    /// nt_filter_ctx * on the caller's stack (see `FilterContextLayout`); returns 1 for a match and 0 otherwise, uses
    /// up to 72 bytes of stack and the helper bpf_probe_read_kernel, and ends in an exit.
    public let instructions: [UInt64]
    /// Lists that a packet must be in, too.
    public let lists: FilterLists
    /// The headers that the filter reads.
    public let views: FilterViews
    /// The whole filter in the language of pcap-filter(7), but for the lists; nil if there are only lists.
    public let expression: String?
    let program: ClassicProgram?

    /// Returns nil if no filter is set: every packet matches.
    ///
    /// May block: host names are looked up.
    public init?(_ options: FilterOptions) throws(FilterError) {
        let (expression, lists) = try options.parsed()
        guard expression != nil || !lists.isEmpty else { return nil }
        self.lists = lists
        self.expression = expression
        views = FilterViews(options, expression: expression)
        guard let expression else {
            instructions = []
            program = nil
            return
        }
        let program = try Self.program(expression)
        instructions = try Translator.translate(program, expression: expression)
        self.program = program
    }

    private static func program(_ expression: String) throws(FilterError) -> ClassicProgram {
        do {
            return try ClassicProgram(compiling: expression)
        } catch .rejected(_, let message) where message.contains("rejects all packets") {
            throw .contradiction(expression: expression)
        }
    }
}
