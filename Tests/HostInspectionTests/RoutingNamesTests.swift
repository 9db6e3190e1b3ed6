@testable import HostInspection
import Testing

struct RoutingNamesTests {
    @Test func `Names are read from lines with a number and a name`() {
        let text = "#\n# reserved values\n#\n255\tlocal\n0x64 uplink # by the provider\nnonsense\n7\n  9  spaces  \n"
        #expect(RoutingNames.parse(text) == [255: "local", 100: "uplink", 9: "spaces"])
        #expect(RoutingNames.ofThisMachine().tables[254] == "main")
    }
}
