import Diagnosis

extension NamespaceView {
    /// What an address is for the namespace: "local", "broadcast", "multicast", "anycast", "unicast" if it is another
    /// machine's; nil: there is no way to it.
    func kind(ofAddress address: String) throws(InspectionFailure) -> String? {
        try route(to: address).map { $0.type ?? "unicast" }
    }
}
