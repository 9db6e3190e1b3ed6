extension [String] {
    /// The items of an option that takes lists and may be repeated, without spaces and without empty items.
    var listItems: [String] {
        flatMap { $0.split(separator: ",") }.map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty }
    }
}
