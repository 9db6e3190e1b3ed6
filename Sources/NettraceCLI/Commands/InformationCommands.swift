import ArgumentParser

/// `nettrace features`, also `--features`: what this kernel lets nettrace do. Needs no privileges.
struct FeaturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features", abstract: "Shows what this kernel lets nettrace do, and what that means.")

    @OptionGroup var messages: MessageArguments

    func run() throws {
        messages.setManners()
        try FeatureReport(json: messages.json).print()
    }
}

/// `nettrace tracers`, also `-t '?'`: the tracer tree. Needs no privileges.
struct TracersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tracers", abstract: "Lists the tracer tree; with -v the state of each tracer on this kernel.")

    @Option(name: .customLong("tracers"), help: .init("Take the tracer tree from this file.", valueName: "file"))
    var catalogFile: String?

    @OptionGroup var messages: MessageArguments

    func run() throws {
        messages.setManners()
        try TracerListing(catalog: CatalogFile(catalogFile).tracers(), verbose: messages.verbose).print()
    }
}
