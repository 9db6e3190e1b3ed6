import Events

/// A frame that XDP has lost, as the kernel's tracepoint reports it.
public struct LostFrame: Sendable, Hashable {
    /// The program that decided; nil if the kernel does not name it.
    public var program: Program?
    /// The return value of the program: `enum xdp_action`, or any other number.
    public var verdict: UInt32
    /// Negative errno; nil if the kernel reports none.
    public var error: Int32?
    public var target: Target?
    /// Number of frames: a tracepoint may report several at a time.
    public var frames: UInt32

    public struct Program: Sendable, Hashable {
        public var id: UInt32
        public var name: String

        public init(id: UInt32, name: String) {
            self.id = id
            self.name = name
        }
    }

    /// Where a redirect should have led to.
    public enum Target: Sendable, Hashable {
        case device(ifindex: UInt32)
        case map(id: UInt32, key: UInt32?)

        init(_ redirect: RunRedirect) {
            self =
                switch redirect {
                case .device(let ifindex): .device(ifindex: ifindex)
                case .map(let id, let key): .map(id: id, key: key)
                }
        }
    }

    public init(
        program: Program? = nil, verdict: UInt32, error: Int32? = nil, target: Target? = nil, frames: UInt32 = 1
    ) {
        self.program = program
        self.verdict = verdict
        self.error = error
        self.target = target
        self.frames = frames
    }

    init(_ section: FrameSection) {
        program = section.program.map { Program(id: $0, name: EvidenceCollector.text(section.name)) }
        verdict = section.verdict
        error = section.error
        target = section.redirect.map { Target($0) }
        frames = section.lost
    }

    /// include/uapi/linux/bpf.h, by number.
    private static let actions = ["XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"]

    /// The verdict in causes of tracers.json: one number stands for all that are no action.
    var causeNumber: Int64 { Int64(min(verdict, UInt32(Self.actions.count))) }

    /// `XDP_REDIRECT`; `7` for what is no action.
    public var action: String { verdict < Self.actions.count ? Self.actions[Int(verdict)] : String(verdict) }

    public var isAction: Bool { verdict < Self.actions.count }

    /// `-EINVAL`
    public var errorName: String? { error.map { ReturnValue.name(ofError: $0) } }

    /// `XDP_REDIRECT, -EINVAL`
    var text: String { errorName.map { "\(action), \($0)" } ?? action }
}
