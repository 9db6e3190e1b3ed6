/// ANSI colours (ECMA-48 SGR), or nothing.
public struct Style: Sendable {
    public let tracer: StaticString
    public let group: StaticString
    public let drop: StaticString
    public let returned: StaticString
    public let faint: StaticString
    public let end: StaticString

    public init(isColoured: Bool) {
        tracer = isColoured ? "\u{1b}[36m" : ""
        group = isColoured ? "\u{1b}[1m" : ""
        drop = isColoured ? "\u{1b}[1;31m" : ""
        returned = isColoured ? "\u{1b}[33m" : ""
        faint = isColoured ? "\u{1b}[2m" : ""
        end = isColoured ? "\u{1b}[0m" : ""
    }
}
