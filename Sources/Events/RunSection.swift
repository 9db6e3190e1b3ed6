import CNettraceBPF

/// The effect of a traced BPF program on a packet (`struct nt_run`, BPF/include/nettrace_run.h). The event is of the run's
/// end; its packet is what the program got.
public struct RunSection: ~Escapable {
    /// The program's, as `bpftool prog show` lists it.
    public let id: UInt32
    /// `enum bpf_prog_type`.
    public let type: UInt32
    /// The first byte of the tag is the highest.
    public let tag: UInt64
    /// The return value of the program.
    public let verdict: Int32
    /// When the run began: nanoseconds of CLOCK_MONOTONIC.
    public let entered: UInt64
    /// As `EventView.length`, at the end of the run.
    public let length: UInt32
    /// Bytes that the program has put in front of the packet; negative: taken away there. nil: not known.
    public let front: Int32?
    /// Where a redirect leads to; nil: not known, or none.
    public let redirect: RunRedirect?
    /// The mark, if the program has changed it.
    public let mark: UInt32?
    /// As `EventView.etherType`, of `packet`.
    public let etherType: UInt16
    /// As `EventView.vlanTag`, at the end of the run.
    public let vlanTag: (etherType: UInt16, tci: UInt16)?
    /// Its main function, or what the kernel keeps of its name: 0 to 32 bytes of any value.
    public let name: RawSpan
    /// The packet as the program has left it, as `PacketSection.bytes`; empty where it could not be read.
    public let packet: RawSpan

    @usableFromInline
    @_lifetime(copy bytes)
    init?(_ bytes: RawSpan, at offset: Int) {
        guard let run = bytes.load(nt_run.self, at: offset) else { return nil }
        let flags = UInt32(run.flags)
        id = run.program.id
        type = run.program.type
        tag = UInt64(bigEndian: run.program.tag)
        verdict = run.verdict
        entered = run.entered
        length = run.len
        front = flags & NT_RUN_FRONT != 0 ? run.front : nil
        redirect = RunRedirect(map: run.map, target: flags & NT_RUN_TARGET != 0 ? run.target : nil)
        mark = flags & NT_RUN_MARK != 0 ? run.mark : nil
        etherType = run.protocol
        vlanTag = flags & NT_RUN_VLAN != 0 ? (run.vlan_proto, run.vlan_tci) : nil
        name = bytes.text(at: offset + 16, size: Int(NT_PROGRAM_NAME_LEN))
        let start = offset + MemoryLayout<nt_run>.size - Int(NT_SNAPLEN)
        let captured = min(Int(run.after.caplen), Int(NT_L3_SNAPLEN))
        let size = captured == 0 ? 0 : PacketSection.networkOffset + captured
        packet = bytes.extracting(start..<start + size)
    }
}

/// Where a BPF program has redirected a packet to.
public enum RunRedirect: Sendable, Equatable {
    case device(ifindex: UInt32)
    /// The content of a map; all of it if no key is known.
    case map(id: UInt32, key: UInt32?)

    init?(map: UInt32, target: UInt32?) {
        if map != 0 {
            self = .map(id: map, key: target)
        } else if let target {
            self = .device(ifindex: target)
        } else {
            return nil
        }
    }
}

extension EventView {
    /// The effect of a BPF program on the packet; nil: the event is of another kind.
    public var run: RunSection? {
        @_lifetime(copy self)
        get {
            guard let offset = sections.run else { return nil }
            return RunSection(bytes, at: offset)
        }
    }

    /// Nanoseconds that the program ran; 0 if the event is of another kind, or lies.
    public var runDuration: UInt64 {
        guard let run, run.entered <= timestamp else { return 0 }
        return timestamp - run.entered
    }
}
