import BPFCode

/// r1 to r5 of a call.
struct HelperArguments {
    let values: [UInt64?]

    subscript(_ number: Int) -> UInt64 {
        get throws {
            guard let value = values[number - 1] else { throw Fault.uninitialisedRegister(UInt8(number)) }
            return value
        }
    }

    func count(_ number: Int) throws -> Int { Int(Int32(truncatingIfNeeded: try self[number])) }
}

extension ModelKernel {
    /// Returns what the helper leaves in r0.
    mutating func call(_ helper: Helper, _ arguments: HelperArguments) throws -> UInt64 {
        switch helper {
        case .mapLookupElem:
            let (number, map) = try map(at: arguments[1])
            let key = try memory.read(arguments[2], map.description.keySize)
            return lookUp(number, key, on: cpu) ?? 0
        case .mapLookupPercpuElem:
            let (number, map) = try map(at: arguments[1])
            let key = try memory.read(arguments[2], map.description.keySize)
            let wanted = try arguments.count(3)
            return 0..<cpus ~= wanted ? lookUp(number, key, on: wanted) ?? 0 : 0
        case .mapUpdateElem:
            let (number, map) = try map(at: arguments[1])
            let key = try memory.read(arguments[2], map.description.keySize)
            let value = try memory.read(arguments[3], map.description.valueSize)
            guard let mode = try UpdateMode(rawValue: arguments[4]) else { return result(Errno.invalid) }
            return result(update(number, key, value, on: cpu, mode: mode))
        case .mapDeleteElem:
            let (number, map) = try map(at: arguments[1])
            return try result(delete(number, memory.read(arguments[2], map.description.keySize)))
        case .probeReadKernel, .probeRead:
            return try probeRead(arguments)
        case .probeReadKernelStr, .probeReadStr:
            return try probeReadString(arguments)
        case .ktimeGetNs, .ktimeGetBootNs, .ktimeGetCoarseNs, .ktimeGetTaiNs:
            time += 1
            return time
        case .getCurrentPidTgid: return processAndThread
        case .getCurrentUidGid: return groupAndUser
        case .getCurrentTask, .getCurrentTaskBtf: return task
        case .getSmpProcessorId: return UInt64(cpu)
        case .getCurrentComm:
            // strscpy_pad(): always ends with a NUL, and clears the rest.
            let size = try arguments.count(2)
            let text = Array(command.prefix(max(size - 1, 0)))
            try memory.write(text + Array(repeating: 0, count: size - text.count), arguments[1])
            return 0
        case .perfEventOutput: return try send(arguments[4], arguments.count(5))
        case .seqWrite: return try send(arguments[2], arguments.count(3))
        case .ringbufOutput: return try send(arguments[2], arguments.count(3))
        case .ringbufReserve: return try reserve(arguments.count(2))
        case .ringbufSubmit: return try finish(arguments[1], isSent: true)
        case .ringbufDiscard: return try finish(arguments[1], isSent: false)
        default: throw Fault.unknownHelper(helper.rawValue)
        }
    }

    private func result(_ number: Int64) -> UInt64 { UInt64(bitPattern: number) }

    /// kernel/trace/bpf_trace.c, bpf_probe_read_kernel_common(): a failed read leaves zeros.
    private mutating func probeRead(_ arguments: HelperArguments) throws -> UInt64 {
        let count = try arguments.count(2)
        let source = try arguments[3]
        guard count >= 0 else { throw Fault.access(source) }
        let bytes = memory.readKernel(source, count)
        guard bytes != nil || !faultsOnBadRead else { throw Fault.access(source) }
        try memory.write(bytes ?? Array(repeating: 0, count: count), arguments[1])
        return bytes == nil ? result(Errno.fault) : 0
    }

    /// Returns the length with its NUL.
    private mutating func probeReadString(_ arguments: HelperArguments) throws -> UInt64 {
        let count = try arguments.count(2)
        let target = try arguments[1]
        let source = try arguments[3]
        var text: [UInt8] = []
        while text.count < count {
            guard let byte = memory.readKernel(source &+ UInt64(text.count), 1)?.first else {
                // bpf_probe_read_kernel_str_common() clears the buffer.
                try memory.write(Array(repeating: 0, count: count), target)
                return result(Errno.fault)
            }
            text.append(byte)
            if byte == 0 { break }
        }
        if text.count == count, count > 0 { text[count - 1] = 0 }
        try memory.write(text, target)
        return UInt64(text.count)
    }

    private mutating func send(_ address: UInt64, _ count: Int) throws -> UInt64 {
        output.append(try memory.read(address, count))
        return 0
    }

    private mutating func reserve(_ count: Int) -> UInt64 {
        let address = allocate(Array(repeating: 0, count: count))
        reserved.insert(address)
        return address
    }

    private mutating func finish(_ address: UInt64, isSent: Bool) throws -> UInt64 {
        guard reserved.remove(address) != nil, let bytes = memory.bytes(at: address) else {
            throw Fault.access(address)
        }
        memory.remove(at: address)
        if isSent { output.append(bytes) }
        return 0
    }
}
