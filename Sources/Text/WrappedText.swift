extension ByteBuffer {
    /// Appends text in lines of at most `width` columns, each after `indent` spaces, and a newline. Breaks at spaces;
    /// a longer word stands alone. Control characters are escaped.
    public mutating func append(wrapping text: String, indent: Int, width: Int = 96, bullet: StaticString = "") {
        let hanging = indent + bullet.utf8CodeUnitCount
        appendSpaces(indent)
        append(bullet)
        var column = hanging
        var isFirst = true
        for word in text.split(separator: " ") {
            if !isFirst, column + 1 + word.count > width {
                append(UInt8(ascii: "\n"))
                appendSpaces(hanging)
                column = hanging
                isFirst = true
            }
            if !isFirst {
                append(UInt8(ascii: " "))
                column += 1
            }
            appendEscaped(String(word).utf8.span.bytes)
            column += word.count
            isFirst = false
        }
        append(UInt8(ascii: "\n"))
    }

    public mutating func appendSpaces(_ count: Int) {
        append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, count)))
    }

    public mutating func append(escaping text: String) {
        appendEscaped(text.utf8.span.bytes)
    }
}
