/// The runner's command line.
struct Arguments {
    var nettrace = ""
    var filter = "*"
    /// Whether one nettrace watches all faults.
    var sharesTracer = false
    /// Whether the fixes of faults that ask for it are tried even with one nettrace for all, a few seconds each.
    var triesFixes = false
    /// The scenarios that do not run on every kernel and run here.
    var once = Share.all
    /// The part of the scenarios for every kernel that runs here.
    var common = Part.whole
    /// The folder for the output of every process; nil to keep none.
    var keep: String?
    var folders: [Folder] = []

    struct Folder {
        let path: String
        /// Every `count`-th file, starting with the `number`-th.
        let part: Part
    }

    /// Of the scenarios that do not run on every kernel.
    enum Share: Equatable, Sendable {
        case all
        /// Of those that one guest is enough for, this part.
        case part(Part)
        case none
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
                      [--once all|N/M|none] [--common N/M] [--part N/M] FOLDER…
        Runs every *.json scenario of the folders whose file name matches GLOB.
        --keep leaves the output of every process in FOLDER/SCENARIO.
        --share-tracer lets one nettrace watch all faults, which saves its start for each; healthy traffic has its own.
        --fixes tries the fixes of faults even so, which takes seconds each; without --share-tracer they are always tried.
        --once N/M is for guests that run side by side: of the scenarios that say "where": "once" every M-th runs, from
        the N-th on (`none`: none of them), and no scenario that says "where": "here".
        --common N/M: of the scenarios for every kernel only every M-th runs, from the N-th on.
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
                guard let share = words.next().flatMap({ Share($0) }) else { return nil }
                once = share
            case "--common":
                guard let part = words.next().flatMap({ Part($0) }) else { return nil }
                common = part
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

extension Arguments.Share {
    /// nil when it is none.
    init?(_ text: String) {
        switch text {
        case "all": self = .all
        case "none": self = .none
        default:
            guard let part = Arguments.Part(text) else { return nil }
            self = .part(part)
        }
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
