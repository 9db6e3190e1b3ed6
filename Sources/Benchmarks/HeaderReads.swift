import CLibBPF

/// The reads that every filter of addresses and ports needs, and nothing else: the header offsets, the IPv4 header, the
/// ports after it. Failed reads are ignored; they leave zeros.
enum HeaderReads {
    /// The way in which a hook passes its first argument, the skb.
    enum Place {
        case tracepoint, function

        /// Offset of the argument in the program's context.
        fileprivate var skb: Int16 {
            switch self {
            case .tracepoint: 0
            #if arch(x86_64)
                case .function: 112  // pt_regs.di
            #else
                case .function: 0  // user_pt_regs.regs[0]
            #endif
            }
        }
    }

    static func instructions(at place: Place, _ skb: SocketBufferLayout) -> [bpf_insn] {
        var program: [bpf_insn] = [.load(BPF_DW, 6, from: 1, place.skb)]
        program += read(8, to: head, at: 6, skb.head)
        program += read(2, to: network, at: 6, skb.networkHeader)
        program += read(2, to: transport, at: 6, skb.transportHeader)
        program += [.load(BPF_DW, 7, from: frame, head), .load(BPF_H, 8, from: frame, network), .addRegister(7, to: 8)]
        program += read(20, to: header, at: 8, 0)
        program += [.load(BPF_H, 8, from: frame, transport), .addRegister(7, to: 8)]
        program += read(4, to: ports, at: 8, 0)
        return program
    }

    /// Offsets of the values on the stack, and the register that points to its end.
    private static let (head, network, transport, header, ports) = (
        Int16(-8), Int16(-16), Int16(-24), Int16(-48), Int16(-56)
    )
    private static let frame: UInt8 = 10

    /// bpf_probe_read_kernel(stack + `place`, `size`, `base` + `offset`).
    private static func read(_ size: Int32, to place: Int16, at base: UInt8, _ offset: Int32) -> [bpf_insn] {
        [
            .copy(frame, to: 1), .add(Int32(place), to: 1),
            .move(size, to: 2),
            .copy(base, to: 3), .add(offset, to: 3),
            .call(BPF_FUNC_probe_read_kernel),
        ]
    }
}

extension bpf_insn {
    static func move(_ value: Int32, to register: UInt8) -> Self {
        Self(BPF_ALU64 | BPF_MOV | BPF_K, register, immediate: value)
    }

    fileprivate static func copy(_ source: UInt8, to register: UInt8) -> Self {
        Self(BPF_ALU64 | BPF_MOV | BPF_X, register, source)
    }

    fileprivate static func add(_ value: Int32, to register: UInt8) -> Self {
        Self(BPF_ALU64 | BPF_ADD | BPF_K, register, immediate: value)
    }

    fileprivate static func addRegister(_ source: UInt8, to register: UInt8) -> Self {
        Self(BPF_ALU64 | BPF_ADD | BPF_X, register, source)
    }

    fileprivate static func load(_ size: Int32, _ register: UInt8, from base: UInt8, _ offset: Int16) -> Self {
        Self(BPF_LDX | BPF_MEM | size, register, base, offset: offset)
    }

    fileprivate static func call(_ helper: bpf_func_id) -> Self {
        Self(BPF_JMP | BPF_CALL, 0, immediate: Int32(helper.rawValue))
    }

    static var exit: Self { Self(BPF_JMP | BPF_EXIT, 0) }

    private init(
        _ code: Int32, _ destination: UInt8, _ source: UInt8 = 0, offset: Int16 = 0, immediate: Int32 = 0
    ) {
        self.init()
        self.code = UInt8(code)
        dst_reg = destination
        src_reg = source
        off = offset
        imm = immediate
    }
}
