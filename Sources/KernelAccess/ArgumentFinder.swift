import AttachPlanning
import CLibBPF

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
        of prototype: UnsafePointer<btf_type>, in types: borrowing TypeInformation, skipping first: Int = 0
    ) -> HookArguments {
        var found = HookArguments()
        var holder: (position: Int, offset: Int)?
        let parameters = types.trailing(prototype, as: btf_param.self)
        // Early exit: nineteen of twenty functions have no argument that leads to a packet or socket.
        guard parameters.contains(where: { role(of: $0.type, in: types).isOfPackets }) else { return found }
        for index in first..<max(first, parameters.count) {
            let position = index - first + 1
            switch role(of: parameters[index].type, in: types) {
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

    private mutating func role(of id: UInt32, in types: borrowing TypeInformation) -> Role {
        let index = Int(id)
        // Older versions of libbpf accept prototypes whose types do not exist.
        guard id < types.count else { return .none }
        if index >= roles.count {
            roles.append(contentsOf: repeatElement(.unknown, count: Int(types.count) + 1 - roles.count))
        }
        if case .unknown = roles[index] { roles[index] = classify(id, in: types) }
        return roles[index]
    }

    /// Forgets ids above vmlinux's, which stand for other types in each module.
    mutating func forget(from id: UInt32) {
        if Int(id) < roles.count { roles.removeSubrange(Int(id)...) }
    }

    private func classify(_ id: UInt32, in types: borrowing TypeInformation) -> Role {
        guard let (_, type) = types.resolve(id) else { return .none }
        switch types.kind(type) {
        case .enumeration:
            let name = types.name(type.pointee.name_off)
            return name.matches("skb_drop_reason") ? .reason : name.matches("sk_rst_reason") ? .resetReason : .none
        case .integer:
            return .number
        case .pointer:
            guard type.pointee.type != 0, let (_, target) = types.resolve(type.pointee.type) else { return .void }
            guard types.kind(target) == .structure else { return .none }
            return classify(pointee: target, in: types)
        default:
            return .none
        }
    }

    private func classify(pointee: UnsafePointer<btf_type>, in types: borrowing TypeInformation) -> Role {
        let name = types.name(pointee.pointee.name_off)
        if name.matches("sk_buff") { return .skb }
        if name.matches("request_sock") { return .request }
        if Self.socketTypes.contains(where: { name.matches($0) }) { return .sock }
        for member in types.trailing(pointee, as: btf_member.self) where types.name(member.name_off).matches("skb") {
            guard let (_, pointer) = types.resolve(member.type), types.kind(pointer) == .pointer,
                let (_, target) = types.resolve(pointer.pointee.type),
                types.name(target.pointee.name_off).matches("sk_buff")
            else { continue }
            // In structs with bit-fields the upper byte of the offset is the bit size, which is 0 for a pointer.
            return .holder(Int(member.offset & 0xff_ffff) / 8)
        }
        return .none
    }
}

extension UnsafePointer<CChar>? {
    /// Compares without making a String, since most names of a kernel do not match.
    func matches(_ name: StaticString) -> Bool {
        guard let self else { return false }
        return name.withUTF8Buffer { wanted in
            wanted.enumerated().allSatisfy { self[$0] == CChar(bitPattern: $1) } && self[wanted.count] == 0
        }
    }
}
