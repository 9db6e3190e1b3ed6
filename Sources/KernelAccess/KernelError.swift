public import SystemPackage

/// A failure at the kernel's door: what was tried, what the kernel said, what to do.
public struct KernelError: Error, CustomStringConvertible, Sendable {
    /// What nettrace was doing, as "cannot …".
    public var what: String
    public var errno: Errno?
    /// One sentence with the remedy; empty where none is known.
    public var remedy: String

    public init(_ what: String, errno: Errno? = nil, remedy: String = "") {
        self.what = what
        self.errno = errno
        self.remedy = remedy
    }

    /// From a libbpf or csyscalls result: a negative errno.
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
