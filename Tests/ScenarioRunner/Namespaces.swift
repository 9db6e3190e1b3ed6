import Glibc

/// The network namespaces of this process's scenarios: NS1 to NS4, with names that no other run can have.
///
/// A scenario makes those that it needs with `ip netns add $NS1`; all that exist afterwards are removed.
struct Namespaces {
    let names = (1...4).map { "nt\(getpid())n\($0)" }

    /// NS1 … NS4, for scripts.
    var environment: [String: String] {
        Dictionary(uniqueKeysWithValues: names.enumerated().map { ("NS\($0.offset + 1)", $0.element) })
    }

    /// A script that removes those that exist, and fails if one stays.
    var removal: String {
        names.map { "if [ -e /run/netns/\($0) ]; then ip netns del \($0); fi" }.joined(separator: "\n")
    }
}
