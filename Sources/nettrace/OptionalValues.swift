/// Options whose value may be left out, which the parser has no notion of: without a number behind them, they get one.
enum OptionalValues {
    private static let defaults = ["--summary": "1", "--rtt": "1", "--tcp-summary": "0"]

    static func completed(_ arguments: [String]) -> [String] {
        var completed: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            completed.append(argument)
            guard argument != "--" else { break }
            if let value = defaults[argument], rest.first.flatMap(Double.init) == nil { completed.append(value) }
        }
        return completed + rest
    }
}
