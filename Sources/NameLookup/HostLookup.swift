import Glibc
public import Protocols

/// Asks name servers for the names of addresses, without keeping its caller waiting: a name that has not arrived yet is
/// there later.
///
/// As long as the servers answer, the first question about an address is waited for, `patience` at most. After one that
/// got no answer nothing is waited for until a server answers again.
public final class HostLookup {
    private struct Pending {
        let id: UInt16
        /// Milliseconds of CLOCK_MONOTONIC.
        let asked: Int64
        var tries: Int
    }

    /// Of the servers that can be reached.
    private let sockets: [ServerSocket]
    private var pending: [IPAddress: Pending] = [:]
    private var askers: [UInt16: IPAddress] = [:]
    private var cache: NameCache
    private var server = 0
    private var isPatient = true
    /// Changes when a name has arrived.
    public private(set) var version = 0
    /// Questions that were sent.
    public private(set) var questions = 0
    /// Questions whose caller waited.
    private(set) var waits = 0

    /// Milliseconds.
    private static let patience: Int32 = 30
    private static let retryAfter: Int64 = 2000
    private static let tries = 3
    /// Questions that wait for answers; addresses beyond them stay numbers.
    private static let limit = 1024

    public init(_ servers: NameServers, cache: NameCache) {
        sockets = servers.addresses.compactMap { ServerSocket($0, port: servers.port) }
        self.cache = cache
    }

    /// The name of an address; nil as long as none is known.
    public func name(of address: IPAddress) -> String? {
        if let known = cache[address] { return known.name }
        receive()
        if pending[address] == nil, pending.count < Self.limit, !sockets.isEmpty {
            ask(address, tries: 1)
            if isPatient { wait(for: address) }
        }
        return cache[address]?.name
    }

    /// The addresses of a name, for filters; empty if no server knows it. Waits for servers that do not answer.
    public func addresses(of name: String) -> [IPAddress] {
        [false, true].flatMap { isIPv6 -> [IPAddress] in
            let question = DNSQuestion(.addresses(of: name, isIPv6: isIPv6))
            for server in sockets.indices {
                let id = UInt16.random(in: .min ... .max)
                guard let query = question.query(id: id) else { return [] }
                questions += 1
                sockets[server].send(query)
                let end = Self.now() + Self.retryAfter
                while case let left = end - Self.now(), left > 0, sockets[server].wait(milliseconds: Int32(left)) {
                    guard let message = sockets[server].receive(), let answer = question.answer(message, id: id)
                    else { continue }
                    if case .addresses(let addresses) = answer { return addresses }
                    return []
                }
            }
            return []
        }
    }

    /// Takes answers that have arrived, and asks again where none came.
    public func receive() {
        for server in sockets.indices {
            while let message = sockets[server].receive() { take(message) }
        }
        let now = Self.now()
        for (address, question) in pending where now - question.asked > Self.retryAfter {
            end(address)
            // Another server may know it.
            server = (server + 1) % max(1, sockets.count)
            if question.tries < Self.tries {
                ask(address, tries: question.tries + 1)
            } else {
                cache.rememberFailure(address)
            }
        }
    }

    /// Keeps the names for the next run.
    public func save() { cache.save() }

    private func ask(_ address: IPAddress, tries: Int) {
        var id = UInt16.random(in: .min ... .max)
        while askers[id] != nil { id &+= 1 }
        guard let query = DNSQuestion(.name(of: address)).query(id: id) else { return }
        pending[address] = Pending(id: id, asked: Self.now(), tries: tries)
        askers[id] = address
        questions += 1
        sockets[server].send(query)
    }

    private func wait(for address: IPAddress) {
        waits += 1
        let end = Self.now() + Int64(Self.patience)
        while pending[address] != nil {
            let left = end - Self.now()
            guard left > 0, sockets[server].wait(milliseconds: Int32(left)) else {
                isPatient = false
                return
            }
            while let message = sockets[server].receive() { take(message) }
        }
    }

    private func take(_ message: [UInt8]) {
        guard message.count > 2, case let id = UInt16(message[0]) << 8 | UInt16(message[1]),
            let address = askers[id], let answer = DNSQuestion(.name(of: address)).answer(message, id: id)
        else { return }
        end(address)
        isPatient = true
        version += 1
        switch answer {
        case .name(let name, let lifetime): cache.remember(name, of: address, lifetime: lifetime)
        case .nothing, .addresses: cache.remember(nil, of: address, lifetime: NameCache.negativeLifetime)
        case .failure: cache.rememberFailure(address)
        }
    }

    private func end(_ address: IPAddress) {
        if let question = pending.removeValue(forKey: address) { askers[question.id] = nil }
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
