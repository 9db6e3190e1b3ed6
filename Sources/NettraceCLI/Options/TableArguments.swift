import ArgumentParser

/// Options that all tables share.
struct TableArguments: ParsableArguments {
    @OptionGroup(title: "Packet filters (combined with AND)") var packets: PacketArguments
    @OptionGroup(title: "Other filters") var metadata: MetadataArguments
    @OptionGroup(title: "What is not wanted") var negation: NegationArguments

    @Option(
        parsing: .unconditional,
        help: .init("Rows of a table. Default: 20, or what the terminal has.", valueName: "rows"))
    var top: Int?

    @OptionGroup(title: "The run") var running: RunArguments

    func validate() throws {
        if let top, top < 1 { throw ValidationError("--top \(top): give a number of rows from 1 on") }
    }

    /// Requires a possible interval between tables.
    static func check(_ seconds: Double, _ option: String) throws {
        guard 0.1...86400 ~= seconds else {
            throw ValidationError("\(option) \(seconds): give a number of seconds from 0.1 to 86400")
        }
    }

    /// The order that `--sort` names; nil if it is not given.
    static func order<Order>(_ name: String?, of type: Order.Type) throws -> Order?
    where Order: RawRepresentable<String> & CaseIterable {
        guard let name else { return nil }
        guard let order = Order(rawValue: name) else {
            let names = Order.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--sort '\(name)': valid names are \(names)")
        }
        return order
    }
}

/// The option for drops that are not wanted.
struct IgnoredDropArguments: ParsableArguments {
    @Option(
        help: .init(
            "Leave out drops with these reasons, comma-separated, '*' allowed; 'normal': those that are part of normal "
                + "operation.", valueName: "reasons"))
    var dropIgnore: [String] = []

    func validate() throws {
        if !dropIgnore.isEmpty, dropIgnore.listItems.isEmpty {
            throw ValidationError("--drop-ignore '': name at least one reason; nettrace explain --list shows them")
        }
    }
}
