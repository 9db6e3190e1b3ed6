import Protocols

/// A policy rule (`struct fib_rule_hdr`, include/uapi/linux/fib_rules.h).
public struct RoutingRule: Hashable, Sendable {
    /// FR_ACT_TO_TBL and so on.
    public enum Action: UInt8, Sendable {
        case unspecified, table, goto, nop
        case blackhole = 6
        case unreachable, prohibit
    }

    public var priority: UInt32 = 0
    /// The action as a number, since later kernels may have more.
    public var actionNumber: UInt8
    public var table: UInt32
    public var isInverted = false
    public var source: IPPrefix?
    public var destination: IPPrefix?
    public var tos: UInt8 = 0
    public var inputDevice: String?
    public var outputDevice: String?
    /// The named device does not exist now.
    public var isInputDetached = false
    public var isOutputDetached = false
    public var mark: UInt32?
    public var markMask: UInt32?
    /// The table is that of the VRF to which the packet's device belongs.
    public var selectsByVRF = false
    public var users: ClosedRange<UInt32>?
    public var ipProtocol: UInt8?
    public var sourcePorts: ClosedRange<UInt16>?
    public var destinationPorts: ClosedRange<UInt16>?
    public var tunnelID: UInt64?
    /// Routes with a prefix of at most this many bits do not count; nil if all count.
    public var suppressedLength: Int32?
    public var suppressedGroup: UInt32?
    public var realm: UInt32?
    /// Priority of the rule with which to continue.
    public var target: UInt32?
    public var isTargetMissing = false
    /// The origin of the rule (RTPROT_KERNEL and so on).
    public var proto: UInt8 = 0
    /// Types of attributes that are not known here and may select packets.
    public var unknown: [UInt16] = []

    /// nil for an action that is not known here.
    public var action: Action? { Action(rawValue: actionNumber) }

    public init(action: Action, table: UInt32 = 0) {
        actionNumber = action.rawValue
        self.table = table
    }

    init?(_ message: NetlinkMessage) {
        let newRule: UInt16 = 32
        guard message.type == newRule, let header = message.payload.bytes(at: 0, count: 12).map(Array.init),
            let family = AddressFamily(rawValue: header[0]), let flags: UInt32 = message.payload.number(at: 8)
        else { return nil }
        (actionNumber, table, tos) = (header[7], UInt32(header[4]), header[3])
        isInverted = flags & 2 != 0
        isTargetMissing = flags & 4 != 0
        isInputDetached = flags & 8 != 0
        isOutputDetached = flags & 16 != 0
        for (type, payload) in NetlinkAttributes(message.payload, after: 12) {
            take(Attribute(rawValue: type), type, payload)
        }
        source = Self.prefix(source?.address, header[2], family)
        destination = Self.prefix(destination?.address, header[1], family)
    }

    /// The header has the length; without an address, the leading bits are zero.
    private static func prefix(_ address: IPAddress?, _ length: UInt8, _ family: AddressFamily) -> IPPrefix? {
        guard address != nil || length > 0 else { return nil }
        return IPPrefix(address ?? .unspecified(family), length: Int(length))
    }

    private mutating func take(_ attribute: Attribute?, _ type: UInt16, _ payload: ArraySlice<UInt8>) {
        switch attribute {
        // The header's lengths are set in afterwards.
        case .source: source = IPAddress(payload).flatMap { IPPrefix($0, length: $0.width) }
        case .destination: destination = IPAddress(payload).flatMap { IPPrefix($0, length: $0.width) }
        case .inputDevice: inputDevice = payload.text
        case .outputDevice: outputDevice = payload.text
        case .goto: target = payload.number()
        case .priority: priority = payload.number() ?? 0
        case .mark: mark = payload.number()
        case .markMask: markMask = payload.number()
        case .realm: realm = payload.number()
        case .tunnel: tunnelID = payload.number(as: UInt64.self).map { UInt64(bigEndian: $0) }
        case .suppressedGroup: suppressedGroup = payload.number(as: UInt32.self).flatMap { $0 == .max ? nil : $0 }
        case .suppressedLength: suppressedLength = payload.number(as: Int32.self).flatMap { $0 < 0 ? nil : $0 }
        case .table: table = payload.number() ?? table
        case .vrf: selectsByVRF = payload.first.map { $0 != 0 } ?? false
        case .users: users = Self.range(payload)
        case .origin: proto = payload.first ?? 0
        case .ipProtocol: ipProtocol = payload.first
        case .sourcePorts: sourcePorts = Self.range(payload)
        case .destinationPorts: destinationPorts = Self.range(payload)
        case .padding: break
        case nil: unknown.append(type)
        }
    }

    private static func range<Number: FixedWidthInteger>(_ payload: ArraySlice<UInt8>) -> ClosedRange<Number>? {
        guard let first: Number = payload.number(), let last: Number = payload.number(at: Number.bitWidth / 8),
            first <= last
        else { return nil }
        return first...last
    }

    /// FRA_DST and so on.
    private enum Attribute: UInt16 {
        case destination = 1
        case source, inputDevice, goto
        case priority = 6
        case mark = 10
        case realm, tunnel, suppressedGroup, suppressedLength, table, markMask, outputDevice, padding, vrf, users
        case origin, ipProtocol, sourcePorts, destinationPorts
    }
}

/// `ip rule show`: the policy rules of a family, in the order in which they are evaluated.
public struct RoutingRules: NetlinkQuestion {
    private let family: UInt8

    public init(isIPv6: Bool) {
        family = (isIPv6 ? AddressFamily.inet6 : .inet).rawValue
    }

    public var isIPv6: Bool { family == AddressFamily.inet6.rawValue }

    public static let subject = "policy rules"

    public var request: NetlinkRequest {
        NetlinkRequest(.route, type: 34, isDump: true, header: [family] + [UInt8](repeating: 0, count: 11))
    }

    public func element(_ message: NetlinkMessage) -> RoutingRule? { RoutingRule(message) }
}
