import FilterLanguage
import KernelAccess
import Protocols
import Snoop

/// A run of netsnoop, as a command line and the user's settings ask for it.
struct SnoopRequest {
    enum Form {
        case text, json, table, stream
        case fields([String])
        case file(String)
    }

    let input: SnoopInput
    var filter: String
    var startOn: String?
    var stopOn: String?
    /// Selects the connection whose data are printed.
    var follow: String?
    var form = Form.text
    var display = DisplayOptions()
    var macros: FilterMacros
    /// Packets to print together; nil: as many as the output takes at once.
    var buffer: Int?
    var count: Int?
    var seconds: Double?
    var length: Int?
    /// Errors of packets that are wanted besides those that match; nil for none.
    var errors: ErrorFlags?
    /// The size of the kernel's ring.
    var ringBytes: Int?
    /// Whether filters and forms need the analysis of TCP connections.
    var analyses = false
    var assignments = PortAssignments()
    /// Name servers may be asked for names that the machine's files do not have.
    var asksServers: Bool
    var numbersReceived: Bool
    var statistics: Bool

    /// - Parameter addresses: those of a host name.
    init(
        _ arguments: NetsnoopArguments, filter: String, settings: ResourceFile,
        addresses: (String) -> [IPAddress] = { _ in [] }
    ) throws {
        input = try SnoopInput(arguments.input, addresses: addresses)
        self.filter = filter
        startOn = arguments.startOn
        stopOn = arguments.stopOn
        macros = settings.macros
        if arguments.json { form = .json }
        if arguments.stats { form = .table }
        if arguments.form != nil {
            form = .fields(arguments.fields)
        } else if !arguments.fields.isEmpty {
            errors = try ErrorFlags(arguments.fields)
        }
        if let output = arguments.output { form = .file(output) }
        follow = arguments.follow
        if follow != nil { form = .stream }
        count = arguments.count
        ringBytes = arguments.limit
        buffer = arguments.buffer ?? arguments.count
        seconds = arguments.seconds
        length = arguments.length
        numbersReceived = arguments.numbersReceived
        statistics = arguments.statistics
        asksServers = arguments.asksServers
        if errors != nil { try requireErrors() }
        display.detail = ProtocolField.Detail(rawValue: min(arguments.verbose, 3)) ?? .all
        display.dumpsData = arguments.dumpsData
        display.dumpsPackets = arguments.dumpsPackets
        display.dumped = try Self.protocols(arguments.dumped, "-h")
        display.hidden = try Self.protocols(arguments.hidden, "-n")
        display.protocols = try Self.options(arguments.protocolOptions, after: settings.protocols)
        asksServers = asksServers || display.protocols.asksServers ?? false
        assignments = try Self.assignments(arguments.decodings)
        let texts = [filter, startOn, stopOn].compactMap { $0 } + (errors == nil ? arguments.fields : [])
        analyses =
            display.detail >= .most || arguments.json || texts.contains { $0.contains("analysis") }
    }

    /// Packets with errors are those that the kernel drops, with its reason.
    private func requireErrors() throws {
        guard case .device = input else {
            throw RunError("-e: only the kernel knows errors of packets: capture on a device of this machine")
        }
        guard follow == nil else { throw RunError("-e: a stream has no packets with errors; leave out --follow") }
        let reasons = try? DropReasonNames.read()
        guard let reasons, !reasons.isEmpty else {
            throw RunError(
                "-e: this kernel gives no reasons for drops (they came with Linux 5.17), so errors are unknown")
        }
    }

    /// For the packets of a run.
    var dissection: Dissection { Dissection(assignments, analyses: analyses) }

    private static func assignments(_ texts: [String]) throws -> PortAssignments {
        var assignments = PortAssignments()
        for text in texts.flatMap({ $0.split(separator: ",") }) {
            do { try assignments.add(String(text)) } catch { throw RunError("--decode \(error)") }
        }
        return assignments
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
