import CLibBPF
import SystemPackage

/// A loaded program, compiled or generated, and how it is attached: all that `Attachment` knows of it.
struct ProgramDescriptor {
    /// Owned by the code that loaded the program; must stay open until the program is attached.
    let file: FileDescriptor
    let means: AttachMeans
}

/// When a program that hooks functions runs.
enum HookMoment {
    case entries, returns
    /// At both, with one program (kprobe.session, Linux 6.10).
    case calls
}

/// The kinds of links by which programs are attached.
///
/// This is the place for further ones. fentry.multi and fsession.multi (Linux 7.2) are a case beside `manyFunctions`:
/// one link to many functions as well, but with BTF ids instead of addresses. A program that is compiled for one position
/// of its argument needs no case of its own: it is a descriptor per position, each attached to its part of the functions.
enum AttachMeans {
    /// One link to all functions, with a cookie for each (kprobe.multi, Linux 5.18).
    case manyFunctions(HookMoment)
    /// A perf event for each function.
    case eachFunction(HookMoment, KprobeEvents)
    /// A raw tracepoint; with a cookie from Linux 6.10 on.
    case rawTracepoint(hasCookie: Bool)
    /// The program was loaded for one target, a function or a tracepoint with BTF types, and knows it.
    case ownTarget
}

/// A place to attach to, and the values that the program gets there.
struct AttachTarget {
    /// The hook's index in the plan.
    var hook: Int
    var name: String
    /// Of functions; 0: the kernel looks the name up.
    var address: UInt64 = 0
    var cookie: UInt64 = 0
}
