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
            TracersCommand.self, IptraceCommand.self, IPReportCommand.self, NetsnoopCommand.self, DCommand.self,
            StartSourceCommand.self, StopSourceCommand.self,
            ExportCommand.self, ExtcapCommand.self,
        ],
        defaultSubcommand: TraceCommand.self)

    public init() {}

    /// As ParsableCommand's main(), but messages that may quote arguments are made safe for a terminal.
    public static func main() {
        ProcessSetup.prepare()
        let spelling = Spelling(commandLine: ProcessSetup.commandLine)
        let command: any ParsableCommand
        do {
            command = try parseAsRoot(spelling.arguments)
        } catch {
            let message = fullMessage(for: error)
            end(exitCode(for: error), message, hint: spelling.hint(for: message))
        }
        launch(command)
    }

    /// Runs the command; an error is reported with the usage of this command.
    private static func launch<Command: ParsableCommand>(_ parsed: Command) {
        var command = parsed
        do {
            try command.run()
        } catch {
            let name = Command.configuration.commandName ?? ""
            let path = path(to: Command.self).joined(separator: " ")
            end(
                Command.exitCode(for: error),
                Command.fullMessage(for: error).replacing("See '\(name) --help'", with: "See '\(path) --help'")
                    .replacing("See '\(name) help <", with: "See 'nettrace help \(name) <"))
        }
    }

    /// The words that lead to a command, the program's name first.
    private static func path(to command: any ParsableCommand.Type) -> [String] {
        func search(_ type: any ParsableCommand.Type) -> [String]? {
            let name = type.configuration.commandName.map { [$0] } ?? []
            if type == command { return name }
            return type.configuration.subcommands.lazy.compactMap(search).first.map { name + $0 }
        }
        return search(self) ?? []
    }

    private static func end(_ code: ExitCode, _ message: String, hint: String? = nil) -> Never {
        var sink = code.isSuccess ? OutputSink.standardOutput : OutputSink.standardError
        if !message.isEmpty { sink.write(message + "\n") }
        if let hint { sink.write(hint + "\n") }
        if code.isSuccess, let complaint = sink.complaint {
            var errors = OutputSink.standardError
            errors.write("Error: \(complaint)\n")
            Glibc.exit(EXIT_FAILURE)
        }
        Glibc.exit(code.rawValue)
    }
}
