/// A group's dense index in its catalog; the root `all` is 0.
public struct TracerGroupID: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    public static func < (left: TracerGroupID, right: TracerGroupID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// A node of the tracer tree.
public struct TracerGroup: Hashable, Sendable {
    public let id: TracerGroupID
    /// The name for `-t`.
    public let name: String
    /// One line of plain English, without a full stop.
    public let description: String
    /// nil for the root.
    public let parent: TracerGroupID?
    /// Number of levels below the root, which has 0.
    public let depth: Int
    /// The role of its tracers that declare none.
    public let role: HookRole
    /// The groups directly below, in the order of the file.
    public internal(set) var groups: [TracerGroupID]
    /// The tracers that the group lists itself, in the order of the file.
    public internal(set) var tracers: [TracerID]
    /// Tracers of other groups that are selected together with this group.
    public internal(set) var includes: [TracerID]
    /// Indices of all tracers in the group and its subgroups: ids follow the tree, so that they form one range.
    public internal(set) var subtree: Range<Int>
    /// Indices of the group and all groups below it.
    public internal(set) var subgroups: Range<Int>
}
