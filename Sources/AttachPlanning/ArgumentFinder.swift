import KernelTypes

/// Finds the arguments that a hook can use in function prototypes. Each type id is classified once.
struct ArgumentFinder {
    enum Role: Equatable {
        case unknown, none, skb, sock, request, reason, resetReason, number, void
        /// A pointer to a struct with a member `struct sk_buff *skb` at this byte offset.
        case holder(Int)

        var isOfPackets: Bool {
            switch self {
            case .skb, .sock, .request, .holder: true
            default: false
            }
        }
    }

    /// Types that begin with a `struct sock` (or its `sock_common`): a pointer to one is also a pointer to a `struct
    /// sock`.
    private static let socketTypes: [StaticString] = [
        "sock", "tcp_sock", "inet_sock", "inet_connection_sock", "udp_sock", "raw_sock", "inet_timewait_sock",
    ]

    private var roles: [Role] = []

    /// Positions of the usable arguments in a prototype, from parameter `first` on (1 for tracepoints, whose first
    /// parameter is `__data`).
    mutating func arguments(
        of prototype: TypeRecord, in types: TypeTable, skipping first: Int = 0
    ) -> HookArguments {
        var found = HookArguments()
        var holder: (position: Int, offset: Int)?
        // Early exit: nineteen of twenty functions have no argument that leads to a packet or socket.
        guard types.elements(of: prototype).contains(where: { role(of: $0.type, in: types).isOfPackets }) else {
            return found
        }
        for (index, parameter) in types.elements(of: prototype).enumerated() where index >= first {
            let position = index - first + 1
            switch role(of: parameter.type, in: types) {
            case .skb where found.skb == nil: found.skb = position
            case .skb where found.original == nil: found.original = position
            case .sock where found.sock == nil: found.sock = position
            case .request where found.request == nil:
                found.request = position
                if found.sock == nil { found.sock = position }
            case .resetReason where found.resetReason == nil: found.resetReason = position
            case .number: found.numbers.append(position)
            case .reason where found.reason == nil: found.reason = position
            case .void where found.location == nil && first > 0: found.location = position
            case .holder(let offset) where holder == nil: holder = (position, offset)
            default: break
            }
        }
        if found.skb == nil, let holder {
            found.skb = holder.position
            found.skbMember = holder.offset
        }
        return found
    }

    private mutating func role(of id: TypeID, in types: TypeTable) -> Role {
        let index = Int(id.number)
        guard id.number < types.end else { return .none }
        if index >= roles.count {
            roles.append(contentsOf: repeatElement(.unknown, count: Int(types.end) - roles.count))
        }
        if case .unknown = roles[index] { roles[index] = classify(id, in: types) }
        return roles[index]
    }

    /// Forgets types from a number on.
    mutating func forget(from id: UInt32) {
        if Int(id) < roles.count { roles.removeSubrange(Int(id)...) }
    }

    private func classify(_ id: TypeID, in types: TypeTable) -> Role {
        guard let (_, record) = types.resolve(id) else { return .none }
        switch record.kind {
        case .enumeration:
            if types.isName(record.name, "skb_drop_reason") { return .reason }
            return types.isName(record.name, "sk_rst_reason") ? .resetReason : .none
        case .integer:
            return .number
        case .pointer:
            guard let (_, target) = types.resolve(record.target) else { return .void }
            guard target.kind == .structure else { return .none }
            return classify(pointee: target, in: types)
        default:
            return .none
        }
    }

    private func classify(pointee: TypeRecord, in types: TypeTable) -> Role {
        func isNamed(_ name: StaticString) -> Bool { types.isName(pointee.name, name) }
        if isNamed("sk_buff") { return .skb }
        if isNamed("request_sock") { return .request }
        if Self.socketTypes.contains(where: isNamed) { return .sock }
        for member in types.elements(of: pointee) where types.isName(member.name, "skb") {
            guard let (_, pointer) = types.resolve(member.type), pointer.kind == .pointer,
                let (_, target) = types.resolve(pointer.target), types.isName(target.name, "sk_buff")
            else { continue }
            return .holder(pointee.bits(member).offset / 8)
        }
        return .none
    }
}
