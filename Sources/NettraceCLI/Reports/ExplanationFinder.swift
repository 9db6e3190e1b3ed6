import ArgumentParser
import Diagnosis
import KernelAccess
import Rendering

/// Finds the explanations of names that the user typed.
struct ExplanationFinder {
    let catalog: CauseCatalog

    /// Unknown names end the program with status 64.
    func explanations(of names: [String]) throws -> [Explanation] {
        try names.map { try explanation(of: $0) }
    }

    private func explanation(of name: String) throws -> Explanation {
        if let value = Self.number(name) { return try explanation(ofNumber: value, typed: name) }
        if let topic = catalog.topic(named: name) { return Explanation(.topic(topic), catalog: catalog) }
        let wanted = DropReason.shortName(name.uppercased())
        let kernel = (try? DropReasonNames.read()) ?? [:]
        if let (value, reason) = kernel.first(where: { DropReason.shortName($0.value) == wanted }) {
            return Explanation(.unexplained(reason: reason), value: value, catalog: catalog)
        }
        let near = catalog.names(near: name)
        throw ValidationError(
            "'\(name)' is no drop reason, cause, function or counter that nettrace knows; "
                + (near.isEmpty
                    ? "nettrace explain --list lists them" : "did you mean \(near.joined(separator: ", "))?"))
    }

    private func explanation(ofNumber value: UInt32, typed: String) throws -> Explanation {
        let kernel: [UInt32: String]
        do {
            kernel = try DropReasonNames.read()
        } catch {
            throw ValidationError(
                "'\(typed)': numbers differ from kernel to kernel, and \(error); give the name instead")
        }
        guard let name = kernel[value] else {
            throw ValidationError(
                kernel.isEmpty
                    ? "'\(typed)': this kernel gives no drop reasons (they came with Linux 5.17); give a name instead"
                    : "'\(typed)': this kernel has no drop reason with this number; nettrace explain --list shows those "
                        + "it has")
        }
        guard let reason = catalog.reason(named: name) else {
            return Explanation(.unexplained(reason: name), value: value, catalog: catalog)
        }
        return Explanation(.topic(.reason(reason)), value: value, catalog: catalog)
    }

    /// Parses decimal numbers, or hexadecimal ones after 0x: numbers of subsystems start at 0x10000.
    private static func number(_ text: String) -> UInt32? {
        text.lowercased().hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    }
}
