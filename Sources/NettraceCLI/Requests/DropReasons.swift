import CNettraceBPF
import Diagnosis
import KernelAccess
import Rendering
import Tracers

/// The drop reasons of the running kernel, found by the names that people give them.
struct DropReasons {
    private let names: [UInt32: String]
    /// The reasons that are part of normal operation.
    private let normalEnds: NormalEnds

    /// - Parameter names: as the kernel spells them.
    init(_ names: [UInt32: String], _ normalEnds: NormalEnds) {
        // These enumerators are not reasons; they close the enum.
        self.names = names.filter { !$0.value.hasSuffix("_SUBSYS_MASK") && !$0.value.hasSuffix("DROP_REASON_MAX") }
        self.normalEnds = normalEnds
    }

    var normal: Set<UInt32> {
        Set(names.filter { !isEnd($0.value) && normalEnds.contains(reason: $0.value) }.keys)
    }

    /// The places on this kernel where packets end in normal operation.
    func normalPlaces(_ symbols: KernelSymbols) -> [DropConfiguration.NormalEnd] {
        let places = normalEnds.places(givesReasons: !names.isEmpty)
        let code = symbols.code(of: Set(places.map(\.function)))
        return places.flatMap { place -> [DropConfiguration.NormalEnd] in
            var reason: UInt32?
            if let wanted = place.reason.map(Self.short) {
                reason = names.first { Self.short($0.value) == wanted }?.key
                // This kernel does not have the reason.
                guard reason != nil else { return [] }
            }
            let kinds = place.kind.map(Self.kinds) ?? NT_PACKET_ANY
            return code.filter { $0.function == place.function }
                .map { .init(code: $0.range, reason: reason, kinds: kinds) }
        }
    }

    private static func kinds(_ kind: PacketKind) -> UInt32 {
        let words: [(PacketKind, UInt32)] = [
            (.group, NT_PACKET_GROUP), (.echoReply, NT_PACKET_ECHO_REPLY), (.dhcp, NT_PACKET_DHCP),
            (.announcement, NT_PACKET_ANNOUNCEMENT), (.otherHost, NT_PACKET_OTHER_HOST),
            (.emptyAck, NT_PACKET_EMPTY_ACK), (.multicast, NT_PACKET_MULTICAST),
        ]
        return words.reduce(0) { kind.contains($1.0) ? $0 | $1.1 : $0 }
    }

    /// The reasons that `--drop` leaves out: always those that mean no drop, and those that the user does not want to
    /// see.
    ///
    /// - Parameter wanted: the arguments of `--drop-ignore`.
    func ignored(by wanted: [String]) throws -> Set<UInt32> {
        var ignored = Set(names.filter { isEnd($0.value) }.keys)
        for item in wanted.listItems {
            guard !Self.isNormal(item) else {
                ignored.formUnion(normal)
                continue
            }
            guard !names.isEmpty else {
                throw RunError("--drop-ignore: this kernel gives no reasons for drops; Linux 5.17 and newer do")
            }
            ignored.formUnion(try reasons(named: item))
        }
        return ignored
    }

    /// Whether the item is the word for all reasons of normal operation.
    static func isNormal(_ item: String) -> Bool { item.lowercased() == "normal" }

    func isAll(_ reasons: Set<UInt32>) -> Bool { Set(names.keys).isSubset(of: reasons) }

    private func reasons(named item: String) throws -> Set<UInt32> {
        // All reasons are upper case.
        let glob = Glob(Self.short(item.uppercased()))
        let found = names.filter { glob.matches(Self.short($0.value)) || glob.matches($0.value) }
        guard found.isEmpty else { return Set(found.keys) }
        let near = nearestNames(to: Self.short(item), in: names.values.map(Self.short), limit: 5)
        let advice = near.isEmpty ? "" : "; the nearest are \(near.joined(separator: ", "))"
        throw RunError("--drop-ignore '\(item)': this kernel has no such reason\(advice)")
    }

    private static func short(_ name: String) -> String { DropReason.shortName(name) }

    /// Whether the reason means no drop: the packet was consumed, or lives on.
    private func isEnd(_ name: String) -> Bool { name == "SKB_CONSUMED" || name == "SKB_NOT_DROPPED_YET" }
}

extension DropConfiguration {
    /// Throws if the number of a reason is too large for the programs.
    mutating func ignore(_ wanted: [String], of reasons: DropReasons) throws {
        let ignored = try reasons.ignored(by: wanted)
        guard ignored.isEmpty || wanted.listItems.isEmpty || !reasons.isAll(ignored) else {
            let list = wanted.joined(separator: ",")
            throw RunError("--drop-ignore \(list) leaves out every drop, so that nothing is shown")
        }
        for reason in ignored {
            guard ignore(reason) else {
                throw RunError("--drop-ignore: reason \(reason) of this kernel is beyond those that can be left out")
            }
        }
    }
}

extension DropNotes {
    /// The group of a place is the group of the first tracer on its function.
    init(causes: @escaping () -> CauseCatalog?, groupsOf catalog: TracerCatalog?) {
        self.init(
            normalEnds: { causes().map { NormalEnds($0) } },
            groupOf: catalog.map { catalog in
                { function in catalog.tracers(onKernelName: function).first.map { catalog[catalog[$0].group].name } }
            })
    }
}
