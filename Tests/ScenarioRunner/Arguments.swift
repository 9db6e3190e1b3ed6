/// The runner's command line.
struct Arguments {
    var nettrace = ""
    var filter = "*"
    var patience = 1.0
    /// One nettrace for all faults.
    var sharesTracer = false
    /// Where to leave what every process wrote; nil to leave nothing.
    var keep: String?
    var folders: [String] = []

    static let usage = """
        usage: ScenarioRunner --nettrace PATH [--filter GLOB] [--patience FACTOR] [--keep FOLDER] [--share-tracer] FOLDER…
        Runs every *.json scenario of the folders whose file name matches GLOB; FACTOR stretches the time limits.
        --keep leaves the output of every process in FOLDER/SCENARIO.
        --share-tracer lets one nettrace watch all faults, which saves its start for each; healthy traffic has its own.

        """

    /// nil when they make no sense.
    init?(_ words: some Sequence<String>) {
        var words = words.makeIterator()
        while let word = words.next() {
            switch word {
            case "--nettrace":
                guard let path = words.next() else { return nil }
                nettrace = path
            case "--filter":
                guard let glob = words.next() else { return nil }
                filter = glob
            case "--patience":
                guard let factor = words.next().flatMap({ Double($0) }), factor > 0 else { return nil }
                patience = factor
            case "--share-tracer":
                sharesTracer = true
            case "--keep":
                guard let path = words.next() else { return nil }
                keep = path
            default:
                guard !word.hasPrefix("-") else { return nil }
                folders.append(word)
            }
        }
        guard !nettrace.isEmpty, !folders.isEmpty else { return nil }
    }
}
