import Protocols

/// The complete names of all fields.
public enum FieldNames {
    /// `: did you mean tcp.dport?`, or an empty text if no field has a similar name.
    public static func hint(for name: String) -> String {
        NearestNames.hint(for: name, among: ProtocolTable.all.flatMap(\.fields).map(\.name))
    }
}

/// The names of all protocols.
public enum NearestProtocols {
    /// As `FieldNames.hint`.
    public static func hint(for name: String) -> String {
        NearestNames.hint(for: name, among: ProtocolTable.all.map(\.name))
    }
}
