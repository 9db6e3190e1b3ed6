import DLanguage
import DRuntime
import Testing
import Text

@Suite struct FormatTests {
    private func text(_ format: String, _ values: Datum...) throws -> String {
        var buffer = ByteBuffer()
        FormatWriter(NumericAddresses()).write(try DRuntimeTests.format(format, values), values, to: &buffer)
        return buffer.string
    }

    @Test func numbers() throws {
        #expect(try text("%d|%5d|%-5d|%05d", .int32(7), .int32(-7), .int32(7), .int32(-7)) == "7|   -7|7    |-0007")
        #expect(try text("%+d|% d|%.3d|%8.3d", .int32(7), .int32(7), .int32(7), .int32(-7)) == "+7| 7|007|    -007")
        #expect(try text("%'d", .int64(-1_234_567)) == "-1,234,567")
        #expect(
            try text("%*d|%-*d|%.*s", .int32(4), .int32(1), .int32(3), .int32(2), .int32(2), .string("abc"))
                == "   1|2  |ab")
        #expect(try text("%lld %d %ld", .int64(.min), .int32(300), .int32(-1)) == "-9223372036854775808 300 -1")
    }

    /// %d of an unsigned type prints no sign; hexadecimal digits are those of the type's size.
    @Test func typesDecide() throws {
        let byte = Datum.integer(.init(bits: 0xff, size: 1, isSigned: true))
        #expect(try text("%d %x %o %u", byte, byte, byte, byte) == "-1 ff 377 255")
        #expect(try text("%d", .uint64(.max)) == "18446744073709551615")
        #expect(
            try text("%x %#X %#o %p", .int32(-1), .int32(255), .int32(8), .uint64(0xffff_8000))
                == "ffffffff 0XFF 010 0xffff8000")
    }

    @Test func strings() throws {
        #expect(
            try text("%3s|%-5s|%15s", .string("abcd"), .string("ab"), .string("10.0.0.1"))
                == "abcd|ab   |       10.0.0.1")
        #expect(try text("%S %c %C", .string("a\n\u{1}"), .int32(65), .int32(10)) == "a\\n\\x01 A \\n")
        #expect(try text("100%% \u{8})") == "100% \u{8})")
    }

    /// A line of tcpio.d.
    @Test func tcpio() throws {
        let line = try text(
            " %3d %16s:%-5d -> %16s:%-5d %6d (", .int32(1), .string("10.0.0.1"), .int32(22), .string("10.0.0.2"),
            .int32(60337), .int32(464))
        #expect(line == "   1         10.0.0.1:22    ->         10.0.0.2:60337    464 (")
    }

    @Test func tracing() {
        func traced(_ value: Datum, quiet: Bool = false) -> String {
            var buffer = ByteBuffer()
            TraceForm.write(value, quiet: quiet, by: FormatWriter(NumericAddresses()), to: &buffer)
            return buffer.string
        }
        #expect(traced(.int64(5)) == String(repeating: " ", count: 19) + "5")
        #expect(traced(.uint64(5)) == String(repeating: " ", count: 20) + "5")
        #expect(traced(.int32(-5)) == "         -5")
        #expect(traced(.integer(.init(bits: 5, size: 2, isSigned: false))) == "     5")
        #expect(traced(.integer(.init(bits: 5, size: 1, isSigned: true))) == "   5")
        #expect(traced(.string("abc")) == "  abc" + String(repeating: " ", count: 30))
        #expect(traced(.int64(5), quiet: true) == "5")
        #expect(traced(.stack([0x10])) == "\n              0x10\n")
    }

    @Test func rows() {
        var buffer = ByteBuffer()
        TraceForm.writeHeading(to: &buffer)
        TraceForm.writeRow(cpu: 0, probe: 1, function: "", name: "BEGIN", to: &buffer)
        #expect(
            buffer.string == """
                CPU     ID                    FUNCTION:NAME
                  0      1                           :BEGIN\u{20}
                """)
    }
}

extension ByteBuffer {
    var string: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
