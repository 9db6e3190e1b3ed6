/// ANSI colours (ECMA-48 SGR), or nothing.
struct Style: Sendable {
    let tracer: StaticString
    let group: StaticString
    let drop: StaticString
    let returned: StaticString
    let faint: StaticString
    let end: StaticString

    init(isColoured: Bool) {
        tracer = isColoured ? "\u{1b}[36m" : ""
        group = isColoured ? "\u{1b}[1m" : ""
        drop = isColoured ? "\u{1b}[1;31m" : ""
        returned = isColoured ? "\u{1b}[33m" : ""
        faint = isColoured ? "\u{1b}[2m" : ""
        end = isColoured ? "\u{1b}[0m" : ""
    }
}
