public import Protocols

/// Names of hosts that have to be asked for (`-y`).
public protocol NameServing {
    /// Changes when a name has arrived.
    var version: Int { get }
    /// Returns nil as long as no name is known.
    func name(of address: IPAddress) -> String?
}
