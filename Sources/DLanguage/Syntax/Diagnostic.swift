/// An error of a D text: its place, what is wrong and what to do.
public struct Diagnostic: Error, Hashable, Sendable {
    public var position: SourcePosition
    public var message: String
    public var advice: String?
    /// The name that DTrace has for the error; `-x errtags` prints it.
    public var tag: ErrorTag?

    public init(_ message: String, at position: SourcePosition, advice: String? = nil, tag: ErrorTag? = nil) {
        self.message = message
        self.position = position
        self.advice = advice
        self.tag = tag
    }

    /// `script.d:12:9: error: …`, the line, a caret below the place, and the advice.
    ///
    /// - Parameter showsTag: `error: [D_SYNTAX] …`
    public func text(_ sources: [SourceText], showsTag: Bool = false) -> String {
        let message = (showsTag ? "[\((tag ?? .unknown).name)] " : "") + message
        let isShipped = position.source >= SourcePosition.shipped
        let known = isShipped ? DProgram.libraries : sources
        let index = Int(position.source) - (isShipped ? Int(SourcePosition.shipped) : 0)
        guard index < known.count else { return "error: \(message)\n" + (advice.map { "    \($0)\n" } ?? "") }
        let source = known[index]
        var text = "\(source.name):\(position.line):\(position.column): error: \(message)\n"
        if let line = Self.line(position.line, of: source.text) {
            // Tabs stay tabs, so that the caret stands below its character at any width of tabs.
            let start = max(0, Int(position.column) - 1 - 160)
            let shown = line.dropFirst(start).prefix(240)
            text += "    " + String(decoding: shown.map { $0 == 9 || $0 >= 32 ? $0 : 63 }, as: UTF8.self) + "\n"
            let before = line.dropFirst(start).prefix(max(0, Int(position.column) - 1 - start))
            // Bytes that continue a character take no column.
            text +=
                "    " + String(before.filter { $0 & 0xc0 != 0x80 }.map { $0 == 9 ? "\t" : " " } as [Character]) + "^\n"
        }
        if let advice { text += "    \(advice)\n" }
        return text
    }

    private static func line(_ number: Int32, of text: [UInt8]) -> ArraySlice<UInt8>? {
        var start = 0
        for _ in 1..<max(1, number) {
            guard let end = text[start...].firstIndex(of: 10) else { return nil }
            start = end + 1
        }
        return text[start...].prefix { $0 != 10 }
    }
}
