import ArgumentParser
import HostInspection
import KernelAccess
import PacketFilter
import Rendering
import Testing

@testable import NettraceCLI

/// A machine with processes 1 and 100 (whose threads are 101 and 102), two namespaces, one cgroup and one container.
private struct FakeMachine: FilterMachine {
    static let own: UInt32 = 4_026_531_840
    static let other: UInt32 = 4_026_532_000

    var processLimit: UInt32? { 32768 }
    func process(_ id: UInt32) -> ProcessTable.Entry {
        id == 1 || id == 100 ? .process : id == 101 || id == 102 ? .thread(of: 100) : .none
    }
    func hasThread(named name: String) -> Bool { name == "sshd" }
    var ownNamespace: UInt32 { Self.own }
    func interfaces(ofNamespace inode: UInt32) -> NamespaceInterfaces? {
        switch inode {
        case Self.own: NamespaceInterfaces(names: ["lo", "eth0"], indices: ["lo": 1, "eth0": 2])
        case Self.other: NamespaceInterfaces(names: ["lo", "left"], indices: ["lo": 1, "left": 7])
        default: nil
        }
    }
    func cgroup(_ path: String) -> UInt64? { path == "/system.slice" ? 77 : nil }
    func containers(named name: String) -> ContainerSearch {
        name == "web" ? ContainerSearch(cgroups: [88]) : ContainerSearch(others: ["web"])
    }
}

@Suite struct FilterCheckTests {
    private func check(_ arguments: [String], isRecording: Bool = false) throws -> FilterCheck {
        let command = try EventArguments.parse(NegationArguments.joined(arguments))
        return try FilterCheck(
            command.metadata, excluded: try command.negation.excluded().map(\.metadata),
            machine: isRecording ? nil : FakeMachine())
    }

    /// A capture file chooses whole packets; containers stay with the kernel, for which they are cgroups.
    @Test func aCaptureFileTakesTheProcesses() throws {
        var check = try check(["--pid", "100", "--comm", "curl", "--cgroup", "/system.slice"])
        let wanted = check.takeProcesses()
        #expect(wanted.ids == [100] && wanted.commands == ["curl"] && wanted.cgroups == ["/system.slice"])
        #expect(check.filters == MetadataFilters() && check.groups.isEmpty)
        var mixed = try self.check(["--cgroup", "/system.slice", "--container", "web"])
        #expect(mixed.takeProcesses().isEmpty && mixed.filters.cgroups.wanted == [77, 88])
    }

    private func refusal(_ arguments: [String], isRecording: Bool = false) -> String {
        do {
            _ = try check(arguments, isRecording: isRecording)
            return "accepted"
        } catch {
            return EventArguments.message(for: error)
        }
    }

    @Test(arguments: [
        (["--pid", "99999999"], "--pid 99999999: there is no such process; numbers of processes end below 32768 here"),
        (["--pid", "5"], "--pid 5: there is no such process"),
        (["--pid", "1,5"], "--pid 5: there is no such process"),
        (["--pid", "101"], "--pid 101: this is a thread of process 100; give --pid 100"),
        (["--pid", "0"], "--pid '0': give the number of a process, from 1 on"),
        (["--pid", "-1"], "--pid '-1': give the number of a process, from 1 on"),
        (["--pid", "1,,100"], "--pid '1,,100': a value is missing"),
        (["-i", ""], "--interface '': a value is missing"),
        (["-i", "a-name-of-16-byte"], "--interface 'a-name-of-16-byte': the name of an interface has 1 to 15 bytes"),
        (["--not", "-i", "any"], "--not --interface any: every packet"),
        (["-i", "lo", "--not", "-i", "lo,eth0"], "--interface: --not excludes all that is wanted"),
        (["--pid", "1", "--not", "--pid", "1"], "--pid: --not excludes all that is wanted"),
        (["--netns", ""], "--netns '': a value is missing"),
        (["--uid", "no such user"], "--uid 'no such user': /etc/passwd has no such user"),
        (["--cgroup", "/nosuch"], "--cgroup '/nosuch': the hierarchy of version 2 has no such cgroup"),
        (["--container", "nosuch"], "--container 'nosuch': no running container has this name"),
        (["--mark", "x"], "--mark 'x': write VALUE or VALUE/MASK"),
        (["--mark", "0x10/0x1"], "--mark '0x10/0x1': the value has bits outside of the mask"),
        (["--len", "20-10"], "--len '20-10': the range is upside down; write 10-20"),
        (["--len", "<0"], "--len '<0': no packet is like that"),
        (["--len", ">many"], "--len '>many': write a number of bytes"),
        (["--len", "100", "--not", "--len", "0-"], "--len: --not excludes all that is wanted"),
        (["--not", "--no-such"], "--not takes one filter"),
        (["--not", "--drop"], "--not takes one filter"),
    ])
    func refused(_ arguments: [String], words: String) {
        #expect(refusal(arguments).hasPrefix(words), "\(refusal(arguments))")
    }

    @Test func listsAddUpByCommaAndByRepetition() throws {
        let filters = try check([
            "-i", "lo,eth0", "-i", "left", "--pid", "1", "--pid", "100", "--mark", "1,2/3", "--len", "1-5,4-9",
            "--len", ">100", "--netns", "4026531840,4026532000",
        ]).filters
        #expect(filters.interfaces.wanted == ["lo", "eth0", "left"])
        #expect(filters.processes.wanted == [1, 100])
        #expect(filters.netns.wanted == [FakeMachine.own, FakeMachine.other])
        #expect(filters.marks.wanted.count == 2)
        #expect(filters.lengths == [1...9, 101...UInt32.max])
        #expect(
            filters.receivers.wanted == [
                .init(netns: FakeMachine.own, index: 1), .init(netns: FakeMachine.own, index: 2),
                .init(netns: FakeMachine.other, index: 1), .init(netns: FakeMachine.other, index: 7),
            ])
    }

    @Test func whatIsNegatedIsUnwanted() throws {
        let check = try check([
            "--not", "-i", "lo", "--not", "--pid=1", "--not", "--len", "100-200", "--not", "--cgroup", "/system.slice",
            "--container", "web", "--not", "--mark", "5",
        ])
        #expect(check.filters.interfaces.unwanted == ["lo"])
        #expect(check.filters.processes.unwanted == [1])
        #expect(check.filters.lengths == [0...99, 201...UInt32.max])
        #expect(check.filters.cgroups.unwanted == [77])
        #expect(check.filters.cgroups.wanted == [88])
        #expect(check.filters.allows(mark: 4))
        #expect(!check.filters.allows(mark: 5))
    }

    @Test func anyMeansAllDevices() throws {
        #expect(try check(["-i", "any"]).filters.interfaces.isEmpty)
        #expect(try check(["-i", "lo,any"]).filters.interfaces.isEmpty)
        #expect(try check(["-i", "any"]).notes == [])
    }

    @Test(arguments: [
        (
            ["-i", "eht0"],
            "this namespace has no interface 'eht0' (did you mean eth0?); interfaces of that name elsewhere"
        ),
        (["-i", "left"], "this namespace has no interface 'left'"),
        (["--netns", "4026532000", "-i", "eth0"], "the namespace of --netns has no interface 'eth0'"),
        (["--netns", "4026539999"], "--netns 4026539999: no process and no name of 'ip netns' is in this namespace"),
        (["--comm", "nosuch"], "--comm nosuch: no process has this name now"),
    ])
    func noted(_ arguments: [String], words: String) throws {
        let notes = try check(arguments).notes
        #expect(notes.count == 1 && notes[0].hasPrefix(words), "\(notes)")
    }

    @Test(arguments: [["-i", "eth0"], ["--netns", "4026532000", "-i", "left"], ["--comm", "sshd"], ["--pid", "1"]])
    func notNoted(_ arguments: [String]) throws {
        #expect(try check(arguments).notes == [])
    }

    /// The machine of a recording cannot be asked.
    @Test func recordingsAreNotHeldAgainstThisMachine() throws {
        let check = try check(
            ["--pid", "99999999", "-i", "nosuch", "--cgroup", "/nosuch"], isRecording: true)
        #expect(check.notes == [])
        #expect(check.filters.processes.wanted == [99_999_999])
        #expect(check.groups.paths.wanted == ["/nosuch"])
    }

    @Test func cgroupsOfRecordingsAreKnownByName() {
        var groups = ReplayGroups()
        groups.paths.wanted = ["/system.slice", "/user.slice"]
        groups.paths.unwanted = ["/system.slice/b.service"]
        #expect(groups.allow("/system.slice/a.service"))
        #expect(groups.allow("/system.slice"))
        #expect(!groups.allow("/system.slice/b.service/x"))
        #expect(!groups.allow("/system.slicex"))
        #expect(!groups.allow(nil))
    }

    @Test func lengthsAreSetsOfRanges() {
        #expect(LengthRanges.union([5...6, 1...3, 4...4]) == [1...6])
        #expect(LengthRanges.subtract([3...4], from: [1...6]) == [1...2, 5...6])
        #expect(LengthRanges.subtract([0...UInt32.max], from: []) == [])
        #expect(LengthRanges.subtract([0...0], from: []) == [1...UInt32.max])
    }

    /// Two expressions are two filters, not one filter of many words.
    @Test func eachNotStandsForItself() throws {
        let command = try EventArguments.parse(
            NegationArguments.joined(["--not", "port 22", "--not", "port 23", "--not", "-p", "arp"]))
        let excluded = try command.negation.excluded()
        #expect(excluded.map(\.packets.expression) == [["port 22"], ["port 23"], []])
        let filter = try #require(try command.packets.filter(excluding: excluded.map(\.packets)))
        var whole = FilterOptions()
        whole.expressions = ["(not (port 22)) and (not (port 23)) and (not (arp))"]
        #expect(try filter.instructions == TranslatedFilter(whole)?.instructions)
    }

    @Test func oneArgumentBelongsToNot() {
        #expect(NegationArguments.joined(["--not", "-i", "lo", "x"]) == ["--not", "-i\0lo", "x"])
        #expect(NegationArguments.joined(["--not", "-ilo", "x"]) == ["--not", "-ilo", "x"])
        #expect(NegationArguments.joined(["--not", "--pid=5"]) == ["--not", "--pid=5"])
        #expect(NegationArguments.joined(["--not", "tcp port 80"]) == ["--not", "tcp port 80"])
        #expect(NegationArguments.joined(["--", "--not", "-i", "lo"]) == ["--", "--not", "-i", "lo"])
        #expect(NegationArguments.joined(["--not"]) == ["--not"])
    }
}
