import FilterLanguage
import Glibc
import Protocols
import Snoop

/// A run of netsnoop, as a command line and the user's settings ask for it.
struct SnoopRequest {
    enum Form {
        case text, json, table
        case fields([String])
        case file(String)
    }

    let input: String
    var filter: String
    var startOn: String?
    var stopOn: String?
    var form = Form.text
    var display = DisplayOptions()
    var macros: FilterMacros
    /// Packets to print together; nil: as many as the output takes at once.
    var buffer: Int?
    var count: Int?
    var seconds: Double?
    var length: Int?
    var numbersReceived: Bool
    var statistics: Bool

    init(_ arguments: NetsnoopArguments, filter: String, settings: ResourceFile) throws {
        input = try Self.file(arguments.input)
        self.filter = filter
        startOn = arguments.startOn
        stopOn = arguments.stopOn
        macros = settings.macros
        if arguments.json { form = .json }
        if arguments.stats { form = .table }
        if arguments.form != nil { form = .fields(arguments.fields) }
        if let output = arguments.output { form = .file(output) }
        count = arguments.count
        buffer = arguments.buffer ?? arguments.count
        seconds = arguments.seconds
        length = arguments.length
        numbersReceived = arguments.numbersReceived
        statistics = arguments.statistics
        display.detail = ProtocolField.Detail(rawValue: min(arguments.verbose, 3)) ?? .all
        display.dumpsData = arguments.dumpsData
        display.dumpsPackets = arguments.dumpsPackets
        display.dumped = try Self.protocols(arguments.dumped, "-h")
        display.hidden = try Self.protocols(arguments.hidden, "-n")
        display.protocols = try Self.options(arguments.protocolOptions, after: settings.protocols)
    }

    private static func options(_ lists: [String], after defaults: ProtocolOptions) throws -> ProtocolOptions {
        var options = defaults
        for list in lists {
            do throws(ProtocolOptions.InvalidOption) {
                try options.set(list)
            } catch {
                throw RunError("-p \(error)")
            }
        }
        return options
    }

    /// Live capture is not there yet: all but a file is refused.
    private static func file(_ input: String?) throws -> String {
        guard let input else {
            throw RunError("live capture is not there yet: name a capture file with -i FILE ('-': standard input)")
        }
        guard input != "-", access(input, F_OK) != 0 else { return input }
        let isDevice = access("/sys/class/net/\(input.split(separator: ":").last ?? "")", F_OK) == 0
        if isDevice, !input.contains("/") {
            throw RunError(
                "-i '\(input)' is a network device, and live capture is not there yet: name a capture file, or read from "
                    + "another program: tcpdump -i \(input) -U -w - | nettrace netsnoop -i -")
        }
        return input
    }

    private static func protocols(_ lists: [String], _ option: String) throws -> Set<String> {
        var names: Set<String> = []
        for word in lists.flatMap({ $0.split(separator: ",") }).map(String.init) {
            let name = ProtocolNames.canonical(word)
            guard ProtocolTable.named(name) != nil else {
                throw RunError("\(option) '\(word)': no such protocol\(NearestProtocols.hint(for: word))")
            }
            names.insert(name)
        }
        return names
    }
}
