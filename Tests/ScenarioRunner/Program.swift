/// Features of the nettrace under test, read from its `--help`.
struct Program {
    let diagnoses: Bool
    let showsReturns: Bool

    init(help: String) {
        let words = Set(help.split { !$0.isLetter && $0 != "-" })
        diagnoses = words.contains("--diag")
        showsReturns = words.contains("--ret")
    }
}
