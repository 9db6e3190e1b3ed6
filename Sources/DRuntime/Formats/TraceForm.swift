import DLanguage
public import Text

/// The output of a firing that no format describes: the heading of default output, its rows, and trace().
public enum TraceForm {
    /// The heading of default output.
    public static func writeHeading(to buffer: inout ByteBuffer) {
        buffer.append("CPU     ID                    FUNCTION:NAME\n")
    }

    /// The text before the data of a clause: `%3d %6d %32s `.
    public static func writeRow(cpu: Int, probe: Int, function: String, name: String, to buffer: inout ByteBuffer) {
        number(cpu, 3, &buffer)
        buffer.append(UInt8(ascii: " "))
        number(probe, 6, &buffer)
        buffer.append(UInt8(ascii: " "))
        let text = "\(function):\(name)".utf8
        buffer.appendSpaces(32 - text.count)
        buffer.append(contentsOf: text)
        buffer.append(UInt8(ascii: " "))
    }

    private static func number(_ number: Int, _ width: Int, _ buffer: inout ByteBuffer) {
        IntegerForm(
            .init(bits: UInt64(bitPattern: Int64(number)), size: 8, isSigned: true), .decimal(width: width)
        ).write(to: &buffer)
    }

    /// trace(): as wide as the type needs, so that columns of rows line up; without padding if output is quiet.
    public static func write(
        _ value: Datum, quiet: Bool, by writer: FormatWriter<some AddressNames>, to buffer: inout ByteBuffer
    ) {
        switch value {
        case .stack(let frames): writer.writeStack(frames, to: &buffer)
        case .text(let text):
            if !quiet { buffer.append("  ") }
            buffer.append(contentsOf: text)
            if !quiet { buffer.appendSpaces(33 - text.count) }
        case .integer(let number):
            if !quiet { buffer.append(UInt8(ascii: " ")) }
            IntegerForm(number, .decimal(width: quiet ? nil : width(number), isSigned: number.isSigned))
                .write(to: &buffer)
        }
    }

    private static func width(_ number: Datum.Integer) -> Int {
        switch number.size {
        case 1: 3
        case 2: 5
        case 4: 10
        default: number.isSigned ? 19 : 20
        }
    }
}

extension Format.Conversion {
    /// `%d`, of signed or unsigned types.
    static func decimal(width: Int?, isSigned: Bool = true) -> Self {
        Self(width: width.map { .fixed($0) }, kind: isSigned ? .signedDecimal : .unsignedDecimal, argument: 0)
    }
}
