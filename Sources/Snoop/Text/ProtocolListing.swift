public import FilterLanguage
import Protocols
public import Text

/// `-L`: the fields, macros and options of protocols.
public struct ProtocolListing {
    private let macros: FilterMacros

    public struct UnknownName: Error, CustomStringConvertible {
        public let description: String
    }

    public init(macros: FilterMacros) { self.macros = macros }

    /// - Parameter list: names of protocols and of parts of them, separated by commas, or `all`.
    public func append(_ list: String, to buffer: inout ByteBuffer) throws(UnknownName) {
        for word in list.split(separator: ",").map(String.init) {
            if word == "all" {
                for kind in ProtocolTable.all { append(kind, to: &buffer) }
                appendNotSupported(to: &buffer)
            } else if let kind = ProtocolTable.named(ProtocolNames.canonical(word)) {
                append(kind, to: &buffer)
            } else if ProtocolNames.notSupported.contains(word) {
                buffer.append(contentsOf: "\(word): not supported\n".utf8)
            } else {
                try appendPart(word, to: &buffer)
            }
        }
    }

    /// One field, macro or option: `ip.src`.
    private func appendPart(_ name: String, to buffer: inout ByteBuffer) throws(UnknownName) {
        let owner = ProtocolTable.all.filter { name.hasPrefix($0.name + ".") }.max { $0.name.count < $1.name.count }
        let part = owner.map { String(name.dropFirst($0.name.count + 1)) } ?? ""
        if let owner, let field = owner[part] { return append(field, of: owner, to: &buffer) }
        if let owner, let macro = macros.all(in: owner.name).first(where: { $0.name == part }) {
            return append(macro, to: &buffer)
        }
        if let owner, let option = ProtocolOptions.known(owner.name).first(where: { $0.name == part }) {
            return append(option, to: &buffer)
        }
        let hint = owner == nil ? NearestProtocols.hint(for: name) : FieldNames.hint(for: name)
        throw UnknownName(description: "-L '\(name)': no such protocol, field, macro or option\(hint)")
    }

    private func append(_ kind: PacketProtocol, to buffer: inout ByteBuffer) {
        buffer.append(contentsOf: "\(kind.name) (\(kind.title))\n".utf8)
        for field in kind.fields { append(field, of: kind, to: &buffer) }
        for macro in macros.all(in: kind.name) { append(macro, to: &buffer) }
        for option in ProtocolOptions.known(kind.name) { append(option, to: &buffer) }
    }

    private func append(_ field: ProtocolField, of kind: PacketProtocol, to buffer: inout ByteBuffer) {
        let level: StaticString =
            switch field.detail {
            case .brief: ""
            case .more: " (-v)"
            case .most: " (-vv)"
            case .all: " (-vvv)"
            }
        let several = field.isRepeated ? ", several" : ""
        appendEntry(field.shortName(in: kind), "field", "\(field.notation.words)\(several)\(level)", to: &buffer)
    }

    private func append(_ macro: (name: String, macro: FilterMacros.Macro), to buffer: inout ByteBuffer) {
        let formals = macro.macro.arity > 0 ? (1...macro.macro.arity).map { " $\($0)" }.joined() : ""
        appendEntry(macro.name + formals, "macro", macro.macro.body, to: &buffer)
    }

    private func append(_ option: ProtocolOptions.Known, to buffer: inout ByteBuffer) {
        appendEntry(option.hasValue ? option.name + "=" : "[no]" + option.name, "option", option.meaning, to: &buffer)
    }

    private func appendEntry(_ name: String, _ kind: StaticString, _ text: String, to buffer: inout ByteBuffer) {
        let padding = String(repeating: " ", count: max(1, 16 - name.utf8.count))
        buffer.append(contentsOf: "    \(name)\(padding)\(kind)   \(text)\n".utf8)
    }

    private func appendNotSupported(to buffer: inout ByteBuffer) {
        let names = ProtocolNames.notSupported.sorted().joined(separator: ", ")
        buffer.append(contentsOf: "not supported: \(names)\n".utf8)
    }
}

extension ProtocolField.Notation {
    fileprivate var words: StaticString {
        switch self {
        case .decimal, .hexadecimal: "number"
        case .flag: "bit"
        case .flags: "bits with names"
        case .ipv4: "IPv4 address"
        case .ipv6: "IPv6 address"
        case .ethernet: "Ethernet address"
        case .bytes: "bytes"
        case .text, .derived: "text"
        case .domainName: "domain name"
        }
    }
}
