public import BPFCode
import CLibBPF
import CSyscalls
import Glibc
public import SystemPackage

/// Generated programs in the kernel, with their maps. All of it ends with this value.
public struct GeneratedPrograms: ~Copyable {
    private var maps: [String: FileDescriptor] = [:]
    private var descriptions: [String: Map] = [:]
    private var programs: [FileDescriptor] = []
    private var attachment = Attachment()
    /// Functions among many that the kernel did not accept.
    public private(set) var refusedFunctions: [String] = []
    private var nextHook = 1 << 20
    private var clocks = ClockEvents()
    private let ring: RingReader?

    /// Creates the maps. `ring` is the name of the ring buffer among them.
    public init(maps list: [Map], ring name: String?) throws(KernelError) {
        libbpf_set_print(LibBPFLog.print)
        var created: [String: FileDescriptor] = [:]
        for map in list {
            do throws(Errno) {
                created[map.name] = try map.create()
            } catch {
                for map in created.values { try? map.close() }
                throw KernelError(
                    "cannot create the map \(map.name) of \(map.entries) entries", errno: error,
                    remedy: error == .permissionDenied || error == .notPermitted
                        ? "run it as root, or with CAP_BPF and CAP_PERFMON" : "")
            }
        }
        maps = created
        descriptions = Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0) })
        if let name, let map = created[name], let description = descriptions[name] {
            ring = try RingReader(map, size: description.entries)
        } else {
            ring = nil
        }
    }

    deinit {
        for descriptor in programs { try? descriptor.close() }
        for descriptor in maps.values { try? descriptor.close() }
    }

    /// Loads a program, and returns its number. A log is only asked for if the kernel refuses, since the log takes
    /// longer than the check.
    public mutating func load(_ program: GeneratedProgram) throws(ProgramRefusal) -> Int {
        var form = ProgramForm(type: program.site.programType)
        if case .functions = program.site, KernelFacts.hasManyFunctions { form.attachType = BPF_TRACE_KPROBE_MULTI }
        do throws(Errno) {
            programs.append(try program.code.load(program.name, as: form, maps: maps))
            return programs.count - 1
        } catch {
            throw program.code.refusal(error, as: form, maps: maps)
        }
    }

    /// Attaches a loaded program to its place.
    public mutating func attach(_ number: Int, at site: GeneratedProgram.Site) throws(Errno) {
        let program = programs[number]
        switch site {
        case .onDemand: return
        case .tracepoint(let name):
            attachment.attach(
                ProgramDescriptor(file: program, means: .rawTracepoint(hasCookie: false)),
                to: [AttachTarget(hook: number, name: name)])
        case .function(let name, let atReturn):
            guard let events = KprobeEvents() else { throw .notSupported }
            attachment.attach(
                ProgramDescriptor(file: program, means: .eachFunction(atReturn ? .returns : .entries, events)),
                to: [AttachTarget(hook: number, name: name)])
        case .functions(let names, let atReturn): return try attach(program, names, atReturn ? .returns : .entries)
        case .clock(let clock): try clocks.attach(program, to: clock)
        }
        if let refusal = attachment.refused[number] { throw refusal }
    }

    /// Attaches a program to all of these functions that the kernel accepts. Throws if it accepts none.
    private mutating func attach(
        _ program: FileDescriptor, _ names: [String], _ moment: HookMoment
    ) throws(Errno) {
        let targets = FunctionAddresses(names).targets
        guard !targets.isEmpty else { throw .noSuchFileOrDirectory }
        let means: AttachMeans
        if KernelFacts.hasManyFunctions {
            means = .manyFunctions(moment)
        } else {
            guard let events = KprobeEvents() else { throw .notSupported }
            means = .eachFunction(moment, events)
        }
        // Hooks of single programs are their numbers; those of functions begin above them.
        let first = nextHook
        nextHook += names.count
        attachment.attach(
            ProgramDescriptor(file: program, means: means),
            to: targets.map { target in
                var target = target
                target.hook += first
                return target
            })
        let refused = Set(attachment.refused.keys.filter { $0 >= first }.map { names[$0 - first] })
        refusedFunctions += refused.sorted()
        if refused.count == Set(targets.map(\.name)).count { throw .notSupported }
    }

    /// Detaches all programs; those that run now are waited for.
    public mutating func detach() {
        clocks.detach()
        attachment.detach()
        if nt_wait_for_grace_period() != 0 { nt_sleep(100) }
    }

    /// Runs a program that belongs to no place, with these arguments.
    public func run(_ number: Int, arguments: [UInt64] = []) throws(Errno) {
        // The kernel wants as many bytes as the program reads, and takes at most twelve words.
        var words = [UInt64](repeating: 0, count: 12)
        for (index, argument) in arguments.prefix(12).enumerated() { words[index] = argument }
        var options = bpf_test_run_opts()
        options.sz = MemoryLayout<bpf_test_run_opts>.size
        let result = words.withUnsafeBytes { bytes in
            options.ctx_in = bytes.baseAddress
            options.ctx_size_in = UInt32(bytes.count)
            return bpf_prog_test_run_opts(programs[number].rawValue, &options)
        }
        guard result == 0 else { throw Errno(rawValue: -result) }
    }

    /// How often the kernel did not run the program because it, or another program of its kind, ran on the CPU already:
    /// `recursion_misses` of `bpf_prog_info` (include/uapi/linux/bpf.h). 0 where the kernel does not count for this kind of
    /// program.
    public func missed(_ number: Int) -> UInt64 {
        var information = bpf_prog_info()
        var size = UInt32(MemoryLayout<bpf_prog_info>.size)
        guard programs.indices.contains(number),
            bpf_obj_get_info_by_fd(programs[number].rawValue, &information, &size) == 0
        else { return 0 }
        return information.recursion_misses
    }

    // MARK: Records

    /// Waits for records, a signal or the timeout, and passes each record on; its bytes are valid during the call.
    public func poll(milliseconds: Int32, _ receive: (UnsafeRawBufferPointer) -> Void) throws(KernelError) {
        try ring?.poll(milliseconds: milliseconds, receive)
    }

    /// Passes on all records without waiting.
    public func drain(_ receive: (UnsafeRawBufferPointer) -> Void) {
        ring?.drain(receive)
    }

    // MARK: Maps

    /// Writes the value of an array's element.
    public func set(_ name: String, index: UInt32 = 0, to value: [UInt8]) throws(KernelError) {
        var index = index
        guard let map = maps[name] else { return }
        let result = bpf_map_update_elem(map.rawValue, &index, value, 0)
        guard result == 0 else {
            throw KernelError("cannot write the map \(name)", errno: Errno(rawValue: -result))
        }
    }

    /// Writes one of the words that the only element of an array consists of. Only user space writes to such arrays.
    public func setWord(of name: String, _ word: Int, to value: UInt64) throws(KernelError) {
        guard let map = maps[name], let description = descriptions[name], 8 * word + 8 <= description.valueSize else {
            return
        }
        var index: UInt32 = 0
        var bytes = [UInt8](repeating: 0, count: description.valueSize)
        guard bpf_map_lookup_elem(map.rawValue, &index, &bytes) == 0 else { return }
        withUnsafeBytes(of: value) { bytes.replaceSubrange(8 * word..<8 * word + 8, with: $0) }
        try set(name, to: bytes)
    }

    /// Passes on each key of a map with its value, of each CPU if the map has one per CPU.
    public func forEachEntry(
        of name: String, _ body: (_ key: [UInt8], _ value: ArraySlice<UInt8>) -> Void
    ) throws(KernelError) {
        guard let map = maps[name], let description = descriptions[name] else { return }
        let size = (description.valueSize + 7) / 8 * 8
        let copies = description.kind.isPerCPU ? try PossibleCPUs.count() : 1
        var values = [UInt8](repeating: 0, count: size * copies)
        for key in keys(of: map, size: description.keySize, limit: description.entries) {
            guard bpf_map_lookup_elem(map.rawValue, key, &values) == 0 else { continue }
            for copy in 0..<copies { body(key, values[copy * size..<(copy + 1) * size]) }
        }
    }

    /// Each key once, although the walk begins again if its place is deleted meanwhile.
    private func keys(of map: FileDescriptor, size: Int, limit: Int) -> Set<[UInt8]> {
        var keys: Set<[UInt8]> = []
        var key = [UInt8](repeating: 0, count: size)
        var error = bpf_map_get_next_key(map.rawValue, nil, &key)
        var steps = 0
        while error == 0, steps < 4 * limit {
            keys.insert(key)
            var next = [UInt8](repeating: 0, count: size)
            error = bpf_map_get_next_key(map.rawValue, key, &next)
            key = next
            steps += 1
        }
        return keys
    }
}

extension GeneratedProgram.Site {
    var programType: bpf_prog_type {
        switch self {
        case .onDemand, .tracepoint: BPF_PROG_TYPE_RAW_TRACEPOINT
        case .function, .functions: BPF_PROG_TYPE_KPROBE
        case .clock: BPF_PROG_TYPE_PERF_EVENT
        }
    }
}
