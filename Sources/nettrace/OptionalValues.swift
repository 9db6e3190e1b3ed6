/// Options whose value may be left out, which ArgumentParser does not support: completes them with a default if no
/// number follows.
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
