import Protocols

extension FilterMacros {
    public struct DefinitionError: Error {
        public let message: String
    }

    /// Defines a macro of a path such as `ip.name` or `name`, which belongs to the data link protocol. A later definition
    /// replaces an earlier one.
    public mutating func define(path: String, as body: String) throws(DefinitionError) {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let owner =
            parts.count == 1 ? Self.everywhere : ProtocolNames.canonical(parts.dropLast().joined(separator: "."))
        guard owner == Self.everywhere || ProtocolTable.named(owner) != nil else {
            throw DefinitionError(message: "'\(owner)' is no protocol")
        }
        _ = try define(checking: parts.last ?? "", in: owner, as: body)
    }

    /// Defines a macro after a look at its name and its body. Returns true if this replaces another definition.
    mutating func define(
        checking name: String, in protocolName: String, as body: String
    ) throws(DefinitionError) -> Bool {
        let isIdentifier =
            name.utf8.first.map { !($0 >= 0x30 && $0 <= 0x39) } ?? false
            && name.utf8.allSatisfy { Character(UnicodeScalar($0)).isLetter || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x5f }
        guard isIdentifier, !["and", "or", "not", "any", "inner", "define"].contains(name) else {
            throw DefinitionError(message: "'\(name)' cannot be the name of a macro: letters, digits and _ can")
        }
        guard ProtocolTable.field("\(protocolName).\(name)") == nil else {
            throw DefinitionError(message: "\(protocolName).\(name) is a field already")
        }
        guard !body.isEmpty else { throw DefinitionError(message: "the definition of \(name) is empty") }
        guard Macro(body).arity <= Self.arityLimit else {
            throw DefinitionError(message: "a macro has at most \(Self.arityLimit) arguments")
        }
        return define(name, in: protocolName, as: body)
    }
}
