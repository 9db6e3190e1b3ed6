/// Facts about the packet that earlier checks have proved when an instruction runs, so that no check is made twice.
struct LoadFacts: Equatable {
    /// Number of valid bytes of the context's data, including the 14 of the Ethernet header.
    var captured = FilterContextLayout.ethernetLength
    /// The packet starts with an Ethernet header.
    var hasEthernet = false

    /// The facts that hold where two paths meet.
    func intersection(_ other: LoadFacts) -> LoadFacts {
        LoadFacts(
            captured: min(captured, other.captured),
            hasEthernet: hasEthernet && other.hasEthernet)
    }
}
