import Testing

@testable import HostInspection

@Suite struct UserAccountTests {
    private let text = "root:x:0:0:root:/root:/bin/sh\nbroken\n:x:a:b\ntcpdump:x:105:113::/nonexistent:/sbin/nologin\n"

    @Test func aUserHasANameOrANumber() {
        #expect(UserAccount.find("tcpdump", in: text) == UserAccount(user: 105, group: 113))
        #expect(UserAccount.find("105", in: text) == UserAccount(user: 105, group: 113))
        #expect(UserAccount.find("0", in: text) == UserAccount(user: 0, group: 0))
        for other in ["", "broken", "106", "tcp"] { #expect(UserAccount.find(other, in: text) == nil) }
    }
}
