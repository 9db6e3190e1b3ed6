import ArgumentParser
import Tracers

@testable import NettraceCLI

/// Command lines through ArgumentParser, which is slow (`ValueTargets`).
enum ArgumentTargets {
    private static let catalog = try? TracerCatalog.embedded()

    /// Words between NULs, parsed and resolved as far as possible without attaching anything.
    static func commandLine(_ bytes: UnsafeRawBufferPointer) {
        guard let catalog else { fatalError("the embedded tracer tree is broken") }
        var input = FuzzInput(bytes)
        var words: [String] = []
        while !input.isEmpty, words.count < 16 { words.append(input.text()) }
        do {
            guard let command = try Nettrace.parseAsRoot(Spelling(words).arguments) as? TraceCommand else { return }
            _ = try TraceOptions(command.request, catalog: catalog)
        } catch {
            _ = Nettrace.fullMessage(for: error)
        }
    }
}
