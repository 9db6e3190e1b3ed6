import Diagnosis
import Testing

struct PlaceholderTests {
    @Test func placeholdersAreFoundInOrderAndOnce() {
        #expect(Placeholder.all(in: "ip route get {daddr} from {saddr} iif {dev} # {daddr}") == [.daddr, .saddr, .dev])
        #expect(Placeholder.all(in: "no words").isEmpty)
    }

    @Test(arguments: [
        "nft add chain inet t c { type filter; }", "{}", "{DEV}", "{dev", "dev}", "{ dev }", "{not-a-word}",
    ])
    func otherBracesAreText(text: String) {
        #expect(Placeholder.all(in: text).isEmpty)
    }

    @Test func everyPlaceholderIsExplained() {
        #expect(Placeholder.allCases.allSatisfy { $0.meaning.count > 3 })
        #expect(Set(Placeholder.allCases.map(\.meaning)).count == Placeholder.allCases.count)
    }
}
