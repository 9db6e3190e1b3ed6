import Testing

@testable import ScenarioRunner

@Suite struct JSONParserTests {
    private static let texts: [(text: String, value: JSONValue)] = [
        ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)),
        ("0", .integer(0)), ("-17", .integer(-17)), ("9223372036854775807", .integer(.max)),
        ("18446744073709551615", .number(18_446_744_073_709_551_615)), ("-0.5", .number(-0.5)), ("2e3", .number(2000)),
        (#""""#, .string("")), (#""né""#, .string("né")),
        (#""a\"\\\/\b\f\n\r\tz""#, .string("a\"\\/\u{8}\u{c}\n\r\tz")),
        (#""A\u0000""#, .string("A\0")), (#""\ud83d\ude00.""#, .string("😀.")),
        ("[]", .array([])), ("[ ]", .array([])),
        ("[1, [2],\"x\"]", .array([.integer(1), .array([.integer(2)]), .string("x")])),
        ("{}", .object([:])), (#"{"a": {"b" :1}, "c":null}"#, .object(["a": .object(["b": .integer(1)]), "c": .null])),
    ]

    @Test(arguments: texts.indices)
    func reads(index: Int) {
        #expect(JSONValue(line: Self.texts[index].text) == Self.texts[index].value)
    }

    @Test(arguments: [
        "", " ", "nul", "True", "01", "-", "1.", "1e", ".5", "+1", "1 2", "\"", "\"a", "\"a\nb\"", #""\x""#,
        #""\u12""#,
        #""\u+123""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "[", "[1", "[1,]", "[,1]", "[1 2]", "{",
        "{\"a\"}",
        "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "[}", "{]", "{\"a\":1}}",
    ])
    func refuses(text: String) {
        #expect(JSONValue(line: text) == nil)
    }
}
