import ArgumentParser
import Glibc
import HostInspection
import Snoop
import SystemPackage
import Text

/// `nettrace netsnoop`, also by the name `netsnoop`: decodes and filters packets of devices and of capture files.
struct NetsnoopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "netsnoop",
        abstract: "Captures packets, or reads them from a file, decodes them, and filters them in words.",
        usage: "nettrace netsnoop [-i <input>] [options] [filter ...]",
        discussion: """
            Captures packets of a device, or reads pcap, pcapng, snoop and iptrace files. The words after the options are one filter, whose language \
            docs/FILTER-LANGUAGE.md describes: paths of protocols and fields, names for numbers, macros; missing == and \
            && are inserted, and the corrected filter is printed in brackets. Macros and default options come from \
            ~/.netsnooprc.

            Examples:
              nettrace netsnoop -vvvx
              nettrace netsnoop -i eth0 -c 10 udp and ip.src=jake
              nettrace netsnoop -i trace.pcap -vxc 1 tcp
              nettrace netsnoop -i trace.pcapng ip.between jake elwood and tcp.port login
              nettrace netsnoop -i - -T fields -e ip.src -e udp.dport udp <trace.snoop
              nettrace netsnoop -L tcp
            """,
        helpNames: .long)

    @OptionGroup var options: NetsnoopArguments

    @Argument(help: "The filter; packets for which it is zero are left out.")
    var filter: [String] = []

    func validate() throws { try options.check() }

    func run() throws {
        let settings = NetsnoopSettings.ofUser()
        var messages = OutputSink.messages
        for warning in settings.warnings { messages.write("warning: \(warning)\n") }
        let arguments = options.completed(by: settings.defaults)
        if let list = arguments.list { return try print(list, settings) }
        let names = SystemNames.ofThisMachine()
        let request = try SnoopRequest(
            arguments, filter: filter.joined(separator: " "), settings: settings.resources,
            addresses: names.addresses)
        var run = try SnoopRun(request, names: names)
        try run.run()
    }

    private func print(_ list: String, _ settings: NetsnoopSettings) throws {
        var buffer = ByteBuffer()
        do {
            try ProtocolListing(macros: settings.resources.macros).append(list, to: &buffer)
        } catch {
            throw RunError(error.description)
        }
        var sink = OutputSink.standardOutput
        _ = sink.write(&buffer)
        try sink.requireWritten()
    }
}

/// The user's settings: those of `~/.netsnooprc`.
struct NetsnoopSettings {
    private(set) var resources = ResourceFile()
    /// From its `option` lines.
    private(set) var defaults: NetsnoopArguments?
    private(set) var warnings: [String] = []

    /// Returns no settings if the file does not exist.
    static func ofUser() -> NetsnoopSettings {
        var settings = NetsnoopSettings()
        guard let home = getenv("HOME").map({ String(cString: $0) }), !home.isEmpty else { return settings }
        let path = FilePath(home).appending(".netsnooprc")
        do {
            settings.read(try NameFiles.contents(of: path), path.string)
        } catch {
            if error != .noSuchFileOrDirectory { settings.warnings.append("\(path.string) cannot be read: \(error)") }
        }
        return settings
    }

    mutating func read(_ text: String, _ name: String) {
        resources = ResourceFile(text)
        warnings += resources.warnings.map { "\(name): \($0)" }
        guard !resources.arguments.isEmpty else { return }
        do {
            let command = try NetsnoopCommand.parse(NetsnoopSpelling.canonical(resources.arguments))
            guard command.filter.isEmpty else {
                warnings.append("\(name): option lines have no filter: '\(command.filter.joined(separator: " "))'")
                return
            }
            defaults = command.options
        } catch {
            warnings.append("\(name): option lines: \(NetsnoopCommand.message(for: error))")
        }
    }
}
