extension [String] {
    /// The items of an option that takes lists and may be given again: without spaces, and without empty ones.
    var listItems: [String] {
        flatMap { $0.split(separator: ",") }.map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
    }
}
