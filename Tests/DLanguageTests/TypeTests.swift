import DLanguage
import Testing

@Suite struct TypeTests {
    @Test func integersExtendTheirBits() {
        #expect(IntegerType(bits: 8, isSigned: true).extended(0x1ff) == .max)
    }
}
