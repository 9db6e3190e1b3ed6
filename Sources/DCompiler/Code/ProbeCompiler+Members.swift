import BPFCode
import DLanguage

// Programs that several probes share: which of them fires is known at run time only.
extension ProbeCompiler {
    /// Finds the probe that fires. Firings of system calls that are no member end here.
    mutating func emitMember() {
        switch probe.site {
        case .systemCall(let number, let atReturn): emitSystemCall(number, atReturn)
        case .function where members.count > 1:
            assembler.emit(.arithmetic64(.move, .r1, Self.context))
            assembler.emit(.call(.getAttachCookie))
            member = storeInput("member")
        default: break
        }
    }

    /// The number of the call: an argument of sys_enter, a register saved by sys_exit's first argument.
    private mutating func emitSystemCall(_ number: Int, _ atReturn: Bool) {
        let saved = frame.block("registers", size: 16, &assembler)
        assembler.emit(.load(.double, .r3, from: Self.context, 0))
        assembler.emit(.store(.double, .r3, to: saved))
        emitRead(8, at: saved, plus: Int(SavedRegisters.mode), to: saved, slotOffset: 8)
        // Calls of 32-bit programs have other numbers (arch/x86/include/asm/segment.h, __USER32_CS).
        assembler.emit(.load(.double, .r0, from: saved, plus: 8))
        assembler.emit(.jump64(.equal, .r0, 0x23, to: end))
        if atReturn {
            emitRead(8, at: saved, plus: Int(SavedRegisters.call), to: saved, slotOffset: 8)
            assembler.emit(.load(.double, .r0, from: saved, plus: 8))
        } else {
            assembler.emit(.load(.double, .r0, from: Self.context, 8))
        }
        guard members.count > 1 else {
            assembler.emit(.jump64(.notEqual, .r0, Int32(number), to: end))
            return frame.freeBlock(saved)
        }
        assembler.emit(.store(.word, .r0, to: saved))
        assembler.emit(.map(.r1, named: MapNames.calls(self.number)))
        assembler.emitAddress(.r2, of: saved)
        assembler.emit(.call(.mapLookupElem))
        assembler.emit(.jump64(.equal, .r0, 0, to: end))
        assembler.emit(.load(.word, .r0, from: .r0, 0))
        assembler.emit(.jump64(.equal, .r0, 0, to: end))
        assembler.emit(.arithmetic64(.subtract, .r0, 1))
        frame.freeBlock(saved)
        member = storeInput("member")
    }

    /// r0: the address of what is known of the member that fires, see `MemberEntry`.
    mutating func emitMemberEntry() {
        guard let member else { return }
        let key = frame.temporary(&assembler)
        assembler.emit(.load(.double, .r0, from: member))
        assembler.emit(.store(.double, .r0, to: key))
        assembler.emit(.map(.r1, named: MapNames.members(number)))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.call(.mapLookupElem))
        frame.free(key)
        assembler.emit(.jump64(.equal, .r0, 0, to: end))
    }

    /// A value that user space saved on entry to the kernel, in r0.
    mutating func emitSavedRegister(_ offset: Int16) {
        let saved = frame.block("registers", size: 16, &assembler)
        assembler.emit(.load(.double, .r3, from: Self.context, 0))
        assembler.emit(.store(.double, .r3, to: saved))
        emitRead(8, at: saved, plus: Int(offset), to: saved, slotOffset: 8)
        assembler.emit(.load(.double, .r0, from: saved, plus: 8))
        frame.freeBlock(saved)
    }
}

/// Byte offsets in `struct pt_regs` of a system call on x86-64 (arch/x86/include/asm/ptrace.h).
enum SavedRegisters {
    /// di, si, dx, r10, r8, r9.
    static let parameters: [Int16] = [112, 104, 96, 56, 72, 64]
    /// orig_ax
    static let call: Int16 = 120
    /// cs
    static let mode: Int16 = 136
}

/// The value of the map of members: the number of the probe (64 bits), and the name of its function.
public enum MemberEntry {
    static let nameOffset = 8
    static let nameSize = 64
    static let size = nameOffset + nameSize

    static func bytes(_ probe: Probe) -> [UInt8] {
        let name = Array(probe.function.utf8.prefix(nameSize - 1))
        return withUnsafeBytes(of: UInt64(probe.number)) { Array($0) } + name
            + [UInt8](repeating: 0, count: nameSize - name.count)
    }
}
