import CNettraceBPF

/// Frames that XDP has lost (`struct nt_frame`, BPF/include/nettrace_frame.h). The event has no packet and no skb.
public struct FrameSection: ~Escapable {
    /// The program's id, as `bpftool prog show` lists it; nil: the kernel does not name the program.
    public let program: UInt32?
    /// The first byte of the tag is the highest.
    public let tag: UInt64
    /// The return value of the program: `enum xdp_action`, or any other number.
    public let verdict: UInt32
    /// Negative errno; nil: the kernel reports none.
    public let error: Int32?
    /// Where a redirect should have led to.
    public let redirect: RunRedirect?
    /// Number of frames.
    public let lost: UInt32
    /// The program's name as the kernel keeps it: 0 to 15 bytes of any value.
    public let name: RawSpan

    @usableFromInline
    @_lifetime(copy bytes)
    init?(_ bytes: RawSpan, at offset: Int) {
        guard let frame = bytes.load(nt_frame.self, at: offset) else { return nil }
        program = frame.flags & UInt32(NT_FRAME_PROGRAM) != 0 ? frame.program.id : nil
        tag = UInt64(bigEndian: frame.program.tag)
        verdict = frame.verdict
        error = frame.error == 0 ? nil : frame.error
        redirect = RunRedirect(map: frame.map, target: frame.flags & UInt32(NT_FRAME_TARGET) != 0 ? frame.target : nil)
        lost = frame.lost
        name = bytes.text(at: offset + 16, size: Int(NT_PROGRAM_NAME_LEN))
    }
}

extension EventView {
    /// The frames that XDP has lost; nil: the event is of another kind.
    public var frame: FrameSection? {
        @_lifetime(copy self)
        get {
            guard let offset = sections.frame else { return nil }
            return FrameSection(bytes, at: offset)
        }
    }

    /// Whether the event is about frames that XDP has lost: its `skb` is then no address.
    @inlinable public var isOfFrames: Bool { sections.frame != nil }
}
