import ArgumentParser
import Capture
import CaptureFiles
import Glibc
import HostInspection
import KernelAccess
import PacketFilter
import SystemPackage

/// The parent of a daemon that waits for the start of another run's trace.
private final class WaitingParent {
    private var parent: Daemon.Parent?

    init(_ parent: consuming Daemon.Parent?) { self.parent = parent }

    func release() throws { try parent.take()?.release() }
}

/// A run of iptrace: opens everything, goes into the background, and records until a signal.
struct IptraceRun {
    private var request: IptraceRequest
    private var messages = IptraceMessages()

    /// Without traffic, signals and files that are to be closed by time are looked at this often.
    private static let pause: Int32 = 100
    /// The time between two looks at the file, in nanoseconds.
    private static let checkInterval: Int64 = 200_000_000
    /// Packets between two looks at the clock.
    private static let packetsPerLook: UInt64 = 1024

    init(_ request: IptraceRequest) {
        self.request = request
    }

    mutating func run() throws {
        do {
            let parent = request.isForeground ? nil : try Daemon.detach()
            StopSignals.install()
            try record(parent)
        } catch let exit as ExitCode {
            throw exit
        } catch {
            throw fail(error)
        }
    }

    /// Reports an error, and returns the one that ends the program.
    private func fail(_ error: any Error) -> ExitCode {
        let failure = IptraceFailure(error)
        messages.write(failure.message, .error)
        return ExitCode(failure.code)
    }

    private mutating func record(_ parent: consuming Daemon.Parent?) throws {
        let readyFile = try request.readyFile.map(ReadyFile.init)
        if request.usesHooks { return try recordPaths(parent, readyFile) }
        let owner = try account()
        request.capture.expression = try request.filter.text()
        var source = try CaptureSource(request.capture)
        let pidFile = try makePidFile()
        defer { pidFile?.remove() }
        var log = try CaptureLog(settings(source, owner))
        // Packets are received from here on. The user that the process becomes may be unable to make the file.
        try readyFile?.create()
        defer { readyFile?.remove() }
        try giveUpPrivileges(owner, log)
        for note in log.takeNotes() { messages.write(note, .warning) }
        messages.write(announcement(pidFile))
        if let parent {
            try parent.release()
            messages.moveToBackground()
        }
        Daemon.notify("READY=1\nSTATUS=recording \(request.subject)")
        let failure = collect(&source, &log)
        Daemon.notify("STOPPING=1")
        report(source, log)
        if let failure { throw fail(failure) }
    }

    private mutating func recordPaths(_ parent: consuming Daemon.Parent?, _ readyFile: ReadyFile?) throws {
        let pidFile = try makePidFile()
        defer {
            pidFile?.remove()
            readyFile?.remove()
        }
        let waiting = WaitingParent(parent)
        let announcement = announcement(pidFile)
        let subject = request.subject
        let messages = messages
        try IptracePathRun(request: request).record {
            messages.write(announcement)
            try waiting.release()
            try readyFile?.create()
            Daemon.notify("READY=1\nSTATUS=recording \(subject)")
        }
        Daemon.notify("STOPPING=1")
    }

    private func announcement(_ pidFile: PidFile?) -> String {
        let what = "records \(request.subject) in \(request.path)"
        return request.isForeground ? what : "process \(getpid()) \(what); 'kill \(getpid())' ends it"
    }

    /// Records until a signal, the wanted number of packets, or an error, which it returns. What was recorded before is in
    /// the file.
    private func collect(_ source: inout CaptureSource, _ log: inout CaptureLog) -> (any Error)? {
        var failure: (any Error)?
        do {
            try recordPackets(&source, &log)
        } catch {
            failure = error
        }
        do {
            source.stop()
            // Packets from before the end; none if the file or the source failed.
            if failure == nil { while !isComplete(log), try source.next(waiting: 0) { try log.append(source) } }
            if !(failure is LogFailure) { try log.finish(lost: try source.counts().lost, source) }
        } catch {
            failure = failure ?? error
        }
        return failure
    }

    private func isComplete(_ log: borrowing CaptureLog) -> Bool { log.count >= request.count ?? .max }

    private func recordPackets(_ source: inout CaptureSource, _ log: inout CaptureLog) throws {
        var checked: Int64 = 0
        while !StopSignals.received, !isComplete(log) {
            let hasPacket = try source.next(waiting: Self.pause)
            if hasPacket {
                let wanted = (request.count ?? .max) - log.count
                try log.appendReady(&source, limit: min(wanted, Self.packetsPerLook))
            }
            if !hasPacket || source.isDrained { try log.flush() }
            let now = nanoseconds(of: CLOCK_MONOTONIC)
            guard now - checked >= Self.checkInterval else { continue }
            checked = now
            try log.check(lost: source.counts().lost, source)
            for note in log.takeNotes() { messages.write(note, .warning) }
        }
    }

    /// The account of the run.
    private func report(_ source: consuming CaptureSource, _ log: borrowing CaptureLog) {
        let counts = try? source.counts()
        var text = "\(log.count) packets recorded"
        if let counts { text += ", \(counts.received) accepted by the filter, \(counts.lost) lost for lack of room" }
        if log.left > 0 { text += ", \(log.left) left out: their devices have no number in this format" }
        messages.write(text, (counts?.lost ?? 0) + log.left > 0 ? .warning : .notice)
        for (name, short) in log.renamed { messages.write("\(name) is \(short) in the file") }
    }

    private func account() throws -> UserAccount? {
        guard let name = request.user else { return nil }
        guard let account = UserAccount(named: name) else {
            throw RunError("-Z '\(name)': /etc/passwd lists no such user")
        }
        return account
    }

    private func settings(_ source: borrowing CaptureSource, _ owner: UserAccount?) -> CaptureLog.Settings {
        var settings = CaptureLog.Settings(path: FilePath(request.path))
        settings.format =
            switch request.format {
            case .pcapng: .pcapng
            case .pcap: .pcap(source.interfaces.first?.linkType ?? .linuxSLL2)
            case .iptrace2: .iptrace2
            }
        settings.rotation = request.rotation
        settings.snapLength = request.capture.snapLength
        settings.application = "nettrace iptrace"
        settings.owner = owner.map { LogOwner(user: $0.user, group: $0.group) }
        return settings
    }

    /// A second daemon without a name for its file has none, since the first one's is the usual one.
    private func makePidFile() throws -> PidFile? {
        if let path = request.pidFile { return try PidFile(path) }
        return request.isForeground ? nil : try? PidFile(PidFile.standard)
    }

    /// Everything is open: the rest needs no privileges, but to make files in a folder of another user.
    private func giveUpPrivileges(_ owner: UserAccount?, _ log: borrowing CaptureLog) throws {
        if let owner { try Daemon.become(user: owner.user, group: owner.group) }
        let kept: CapabilitySet = owner == nil && log.needsOverride ? .dacOverride : []
        try Privileges.giveUp(except: kept.intersection(.current()))
    }
}
