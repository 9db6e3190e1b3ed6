import ArgumentParser

@main
struct NettraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "nettrace")
}
