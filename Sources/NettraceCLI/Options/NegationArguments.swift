import ArgumentParser

/// Options for filters that must not match.
struct NegationArguments: ParsableArguments {
    @Option(
        name: .customLong("not"), parsing: .unconditionalSingleValue,
        help: .init(
            "Only packets that this filter does not match: --not -i lo, --not -p tcp, --not 'port 22'.",
            valueName: "filter"))
    var filters: [String] = []

    /// The filters, each parsed like any other.
    func excluded() throws -> [FilterArguments] {
        try filters.map { filter in
            do {
                return try FilterArguments.parse(filter.split(separator: "\0").map(String.init))
            } catch {
                throw ValidationError("--not takes one filter: \(FilterArguments.message(for: error))")
            }
        }
    }

    /// `--not` takes an option with its value as one argument: joins the two with a NUL, which no argument can contain.
    static func joined(_ arguments: [String]) -> [String] {
        var joined: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            joined.append(argument)
            guard argument != "--" else { break }
            guard argument == "--not", let option = rest.popFirst() else { continue }
            let isBare = option.hasPrefix("--") ? !option.contains("=") : option.hasPrefix("-") && option.count == 2
            joined.append(isBare && !rest.isEmpty ? option + "\0" + rest.removeFirst() : option)
        }
        return joined + rest
    }
}

/// All filter options, and no others.
struct FilterArguments: ParsableArguments {
    @OptionGroup var packets: PacketArguments
    @OptionGroup var metadata: MetadataArguments
}
