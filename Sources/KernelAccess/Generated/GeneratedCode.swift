import BPFCode
import CLibBPF
import SystemPackage

/// The form in which the kernel is to take a generated program (`union bpf_attr` of BPF_PROG_LOAD).
struct ProgramForm {
    var type: bpf_prog_type
    /// Which kind of attachment programs of this type are meant for; types with a single kind have 0.
    var attachType = bpf_attach_type(rawValue: 0)
    /// BTF id of the function or tracepoint that the program belongs to; 0 if it is chosen when the program is attached.
    var target: UInt32 = 0
}

extension Map {
    /// Creates the map in the kernel; it ends with its descriptor, and with the programs that use it.
    func create() throws(Errno) -> FileDescriptor {
        var options = bpf_map_create_opts()
        options.sz = MemoryLayout<bpf_map_create_opts>.size
        options.map_flags = flags.rawValue
        let isRing = kind == .ringBuffer
        let map = bpf_map_create(
            bpf_map_type(kind.rawValue), name, isRing ? 0 : UInt32(keySize), isRing ? 0 : UInt32(valueSize),
            UInt32(entries), &options)
        guard map >= 0 else { throw Errno(rawValue: -map) }
        return FileDescriptor(rawValue: map)
    }
}

extension Code {
    /// Loads the program. `maps` has each map that it refers to, by name.
    func load(
        _ name: String, as form: ProgramForm, maps: [String: FileDescriptor] = [:]
    ) throws(Errno) -> FileDescriptor {
        guard let encoded = try? encoded(maps: maps.mapValues(\.rawValue)) else { throw .invalidArgument }
        let instructions = encoded.map { unsafeBitCast($0, to: bpf_insn.self) }
        let program = LibBPFLog.withLog(of: name) { options in
            options.expected_attach_type = form.attachType
            options.attach_btf_id = form.target
            return bpf_prog_load(form.type, name, "Dual BSD/GPL", instructions, instructions.count, &options)
        }
        guard program >= 0 else { throw Errno(rawValue: -program) }
        return FileDescriptor(rawValue: program)
    }
}

extension Code {
    /// Loads the program once more, with a log, to learn why the kernel refuses it.
    func refusal(_ error: Errno, as form: ProgramForm, maps: [String: FileDescriptor]) -> ProgramRefusal {
        guard let encoded = try? encoded(maps: maps.mapValues(\.rawValue)) else {
            return ProgramRefusal(errno: error, log: "a jump is too far", note: nil)
        }
        let instructions = encoded.map { unsafeBitCast($0, to: bpf_insn.self) }
        var log = [CChar](repeating: 0, count: 4 << 20)
        var options = bpf_prog_load_opts()
        options.sz = MemoryLayout<bpf_prog_load_opts>.size
        options.expected_attach_type = form.attachType
        options.log_level = 1
        options.log_size = UInt32(log.count)
        let program = log.withUnsafeMutableBufferPointer { log in
            options.log_buf = log.baseAddress
            return bpf_prog_load(form.type, nil, "Dual BSD/GPL", instructions, instructions.count, &options)
        }
        if program >= 0 { try? FileDescriptor(rawValue: program).close() }
        let text = String(decoding: log.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("processed ") }
        // The last line that begins with an instruction's number is about the one that is refused.
        let slot = lines.reversed().lazy.compactMap { line in
            line.firstIndex(of: ":").flatMap { Int(line[..<$0]) }
        }.first
        return ProgramRefusal(
            errno: error, log: lines.suffix(40).joined(separator: "\n"), note: slot.flatMap { note(ofSlot: $0) })
    }
}
