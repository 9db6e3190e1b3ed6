/// A question to the kernel: a request, and the meaning of the messages that answer it.
public protocol NetlinkQuestion: Hashable, Sendable {
    associatedtype Element: Sendable

    /// For messages about failures: "routes".
    static var subject: String { get }
    var request: NetlinkRequest { get }
    /// Returns nil for messages that are not meant, or that lack what the kernel always sends.
    func element(_ message: NetlinkMessage) -> Element?
}
