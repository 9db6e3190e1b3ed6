/// The runner's command line.
struct Arguments {
    var nettrace = ""
    var filter = "*"
    /// Whether one nettrace watches all faults.
    var sharesTracer = false
    /// Whether the fixes of faults that ask for it are tried even with one nettrace for all, a few seconds each.
    var triesFixes = false
    /// The part of the scenarios that need only one guest; nil for none.
    var once: Part? = Part.whole
    /// The folder for the output of every process; nil to keep none.
    var keep: String?
    var folders: [Folder] = []

    struct Folder {
        let path: String
        /// Every `count`-th file, starting with the `number`-th.
        let part: Part
    }

    /// `2/3`: the second of three parts.
    struct Part: Equatable, Sendable {
        let number: Int
        let count: Int

        static let whole = Part(number: 1, count: 1)

        func contains(_ index: Int) -> Bool { index % count == number - 1 }
    }

    static let usage = """
        usage: ScenarioRunner --nettrace PATH [--filter GLOB] [--keep FOLDER] [--share-tracer [--fixes]]
                      [--once N/M|none] [--part N/M] FOLDER…
        Runs every *.json scenario of the folders whose file name matches GLOB.
        --keep leaves the output of every process in FOLDER/SCENARIO.
        --share-tracer lets one nettrace watch all faults, which saves its start for each; healthy traffic has its own.
        --fixes tries the fixes of faults even so, which takes seconds each; without --share-tracer they are always tried.
        --once lets only every M-th of the scenarios run that say "where": "once", from the N-th on, or none.
        --part lets only every M-th file of the folders behind it run, from the N-th on.

        """

    /// Returns nil if the words are invalid.
    init?(_ words: some Sequence<String>) {
        var words = words.makeIterator()
        var part = Part.whole
        while let word = words.next() {
            switch word {
            case "--nettrace":
                guard let path = words.next() else { return nil }
                nettrace = path
            case "--filter":
                guard let glob = words.next() else { return nil }
                filter = glob
            case "--part":
                guard let given = words.next().flatMap({ Part($0) }) else { return nil }
                part = given
            case "--once":
                guard let given = words.next() else { return nil }
                once = Part(given)
                guard once != nil || given == "none" else { return nil }
            case "--share-tracer":
                sharesTracer = true
            case "--fixes":
                triesFixes = true
            case "--keep":
                guard let path = words.next() else { return nil }
                keep = path
            default:
                guard !word.hasPrefix("-") else { return nil }
                folders.append(Folder(path: word, part: part))
            }
        }
        guard !nettrace.isEmpty, !folders.isEmpty else { return nil }
    }
}

extension Arguments.Part {
    /// Returns nil if the text is not such a fraction.
    init?(_ text: String) {
        let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1], 1...max(1, count) ~= number,
            count >= 1
        else { return nil }
        self.init(number: number, count: count)
    }
}
