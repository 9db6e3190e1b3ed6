/// What earlier checks have proved about the packet by the time an instruction runs, so that no check is made twice.
struct LoadFacts: Equatable {
    /// This many bytes of the context's data are valid, the 14 of the Ethernet header included.
    var captured = FilterContextLayout.ethernetLength
    /// The packet starts with an Ethernet header.
    var hasEthernet = false

    /// What still holds where two paths meet.
    func intersection(_ other: LoadFacts) -> LoadFacts {
        LoadFacts(
            captured: min(captured, other.captured),
            hasEthernet: hasEthernet && other.hasEthernet)
    }
}
