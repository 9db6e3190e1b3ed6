public import ArgumentParser
import Glibc
import KernelAccess

/// The root of the command tree. It has no options of its own: a command line that names no command is one of `trace`.
public struct Nettrace: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "nettrace",
        abstract: "Shows the path of packets through the Linux kernel, and why they are dropped.",
        usage: "nettrace [command] [options] [filter expression]",
        version: "0.1.0",
        subcommands: [
            TraceCommand.self, ReadCommand.self, TableCommand.self, ExplainCommand.self, FeaturesCommand.self,
            TracersCommand.self,
        ],
        defaultSubcommand: TraceCommand.self)

    public init() {}

    /// As ParsableCommand's main(), but messages that may quote arguments are made safe for a terminal.
    public static func main() {
        ProcessSetup.prepare()
        let spelling = Spelling(Array(ProcessSetup.commandLine.dropFirst()))
        do {
            var command = try parseAsRoot(spelling.arguments)
            try command.run()
        } catch {
            let code = exitCode(for: error)
            var sink = code.isSuccess ? OutputSink.standardOutput : OutputSink.standardError
            let message = fullMessage(for: error)
            if !message.isEmpty { sink.write(message + "\n") }
            if code == .validationFailure, let hint = spelling.hint(for: message) { sink.write(hint + "\n") }
            if code.isSuccess, let complaint = sink.complaint {
                var errors = OutputSink.standardError
                errors.write("Error: \(complaint)\n")
                Glibc.exit(EXIT_FAILURE)
            }
            Glibc.exit(code.rawValue)
        }
    }
}
