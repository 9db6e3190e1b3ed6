public import SystemPackage

/// A failure of a request to the kernel: the attempt, the kernel's error and the remedy.
public struct KernelError: Error, CustomStringConvertible, Sendable {
    /// The failed attempt, as "cannot …".
    public var what: String
    public var errno: Errno?
    /// One sentence with the remedy; empty if none is known.
    public var remedy: String

    public init(_ what: String, errno: Errno? = nil, remedy: String = "") {
        self.what = what
        self.errno = errno
        self.remedy = remedy
    }

    /// Makes an error from a result of libbpf or csyscalls, a negative errno.
    init(_ what: String, result: Int32, remedy: String = "") {
        self.init(what, errno: Errno(rawValue: -result), remedy: remedy)
    }

    public var description: String {
        var text = what
        if let errno { text += ": \(errno)" }
        if !remedy.isEmpty { text += "; \(remedy)" }
        return text
    }
}
