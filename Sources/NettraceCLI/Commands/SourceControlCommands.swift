import ArgumentParser

/// `nettrace startsrc`, also the program `startsrc`: starts a subsystem of AIX's System Resource Controller. iptrace is the
/// only one here.
struct StartSourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "startsrc",
        abstract: "Starts iptrace, as AIX's System Resource Controller does.",
        usage: "startsrc -s iptrace -a \"<options and file of iptrace>\"")

    @OptionGroup var subsystem: SubsystemArguments

    @Option(
        name: .customShort("a", allowingJoined: true), parsing: .unconditional,
        help: .init("The options and the file of iptrace, in one word.", valueName: "arguments"))
    var arguments: String

    func run() throws {
        let words = try Self.words(arguments)
        var command: IptraceCommand
        do {
            command = try IptraceCommand.parse(words + ["--pid-file", SubsystemArguments.pidFile])
        } catch {
            throw ValidationError("-a '\(arguments)': \(IptraceCommand.message(for: error))")
        }
        try command.run()
    }

    /// Words between spaces; quotes keep spaces within a word.
    static func words(_ text: String) throws -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw ValidationError("-a '\(text)': a quote has no end") }
        return words + (word.map { [$0] } ?? [])
    }
}

/// `nettrace stopsrc`, also the program `stopsrc`: ends a subsystem.
struct StopSourceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stopsrc",
        abstract: "Ends the iptrace that startsrc has started, with everything written.",
        usage: "stopsrc -s iptrace")

    @OptionGroup var subsystem: SubsystemArguments

    func run() throws {
        guard let process = PidFile.holder(SubsystemArguments.pidFile) else {
            throw RunError("the subsystem iptrace is not running: 'startsrc -s iptrace -a \"FILE\"' starts it")
        }
        guard PidFile.end(process, SubsystemArguments.pidFile) else {
            throw RunError("the subsystem iptrace, process \(process), does not end; look at it with 'ps \(process)'")
        }
        var messages = OutputSink.messages
        messages.write("the subsystem iptrace, process \(process), has ended\n")
    }
}

/// The name of a subsystem.
struct SubsystemArguments: ParsableArguments {
    /// Where a subsystem's process id is.
    static let pidFile = "/run/iptrace-src.pid"

    @Option(
        name: .customShort("s", allowingJoined: true), help: .init("The subsystem: iptrace.", valueName: "subsystem"))
    var name: String

    func validate() throws {
        guard name == "iptrace" else { throw ValidationError("-s '\(name)': iptrace is the only subsystem here") }
    }
}
