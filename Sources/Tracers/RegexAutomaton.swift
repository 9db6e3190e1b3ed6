/// The states of a regular expression: each either consumes a byte, or leads to other states without one.
struct RegexStates {
    enum State {
        case byte(ByteSet, next: Int)
        case either(Int, Int)
        case start(next: Int)
        case end(next: Int)
        case accept
    }

    private(set) var states: [State] = [.accept]
    private(set) var first = 0
    /// Number of compilation steps. Repeats are expanded, so that small expressions may need many.
    private var steps = 0

    /// Maximum number of states: more would make matching slow, and no sensible expression needs them.
    private static let most = 500

    init(_ source: String) throws(RegexFault) {
        first = try compile(try RegexParser.parse(source), then: 0)
    }

    private mutating func add(_ state: State) throws(RegexFault) -> Int {
        guard states.count < Self.most else { throw tooLarge }
        states.append(state)
        return states.count - 1
    }

    private var tooLarge: RegexFault { RegexFault(reason: "too large with its repeats written out") }

    /// Compiles from the end to the beginning; returns the first state.
    private mutating func compile(_ node: RegexNode, then next: Int) throws(RegexFault) -> Int {
        steps += 1
        guard steps < Self.most * 20 else { throw tooLarge }
        switch node {
        case .bytes(let set): return try add(.byte(set, next: next))
        case .start: return try add(.start(next: next))
        case .end: return try add(.end(next: next))
        case .sequence(let nodes):
            var next = next
            for node in nodes.reversed() { next = try compile(node, then: next) }
            return next
        case .choice(let choices):
            var either = try compile(choices[choices.count - 1], then: next)
            for node in choices.dropLast().reversed() {
                either = try add(.either(try compile(node, then: next), either))
            }
            return either
        case .repeated(let node, let least, let most):
            var next =
                if let most { try optional(node, times: most - least, then: next) } else { try loop(node, then: next) }
            for _ in 0..<least { next = try compile(node, then: next) }
            return next
        }
    }

    private mutating func optional(_ node: RegexNode, times: Int, then end: Int) throws(RegexFault) -> Int {
        var next = end
        for _ in 0..<times { next = try add(.either(try compile(node, then: next), end)) }
        return next
    }

    private mutating func loop(_ node: RegexNode, then next: Int) throws(RegexFault) -> Int {
        let again = try add(.accept)
        states[again] = .either(try compile(node, then: again), next)
        return again
    }
}

/// Matches names in linear time: sets of states are computed once, when they are first reached.
struct RegexAutomaton {
    private struct Place {
        /// States that consume a byte.
        var states: [Int]
        var accepts: Bool
        /// Whether the regular expression accepts if the name ends here.
        var acceptsAtEnd: Bool
        /// The next place by byte; -1 if not computed yet.
        var next = [Int32](repeating: -1, count: 256)
    }

    private let regex: RegexStates
    private var places: [Place] = []
    private var known: [[Int]: Int32] = [:]
    /// Maximum number of places; when it is reached, all are discarded and computed again.
    private static let mostPlaces = 2000

    init(_ regex: RegexStates) {
        self.regex = regex
        forgetPlaces()
    }

    mutating func matches(_ name: some Sequence<UInt8>) -> Bool {
        var place = 0
        for byte in name {
            if places[place].accepts { return true }
            let next = places[place].next[Int(byte)]
            place = next >= 0 ? Int(next) : step(from: place, byte)
        }
        return places[place].accepts || places[place].acceptsAtEnd
    }

    private mutating func forgetPlaces() {
        places = [place(of: [regex.first], atStart: true)]
        known = [:]
    }

    /// A match may begin at any byte, so that the first state is always included.
    private mutating func step(from place: Int, _ byte: UInt8) -> Int {
        var seeds = [regex.first]
        for state in places[place].states {
            if case .byte(let set, let next) = regex.states[state], set.contains(byte) { seeds.append(next) }
        }
        seeds = Array(Set(seeds)).sorted()
        if let known = known[seeds] {
            places[place].next[Int(byte)] = known
            return Int(known)
        }
        let isFull = places.count >= Self.mostPlaces
        if isFull { forgetPlaces() }
        places.append(self.place(of: seeds, atStart: false))
        let index = places.count - 1
        known[seeds] = Int32(index)
        // If all places were discarded, the previous one no longer exists.
        if !isFull { places[place].next[Int(byte)] = Int32(index) }
        return index
    }

    private func place(of seeds: [Int], atStart: Bool) -> Place {
        let inside = closure(of: seeds, atStart: atStart, atEnd: false)
        let ending = closure(of: seeds, atStart: atStart, atEnd: true)
        return Place(
            states: inside.states, accepts: inside.accepts, acceptsAtEnd: ending.accepts)
    }

    private func closure(of seeds: [Int], atStart: Bool, atEnd: Bool) -> (states: [Int], accepts: Bool) {
        var seen = [Bool](repeating: false, count: regex.states.count)
        var open = seeds
        var states: [Int] = []
        var accepts = false
        while let state = open.popLast() {
            guard !seen[state] else { continue }
            seen[state] = true
            switch regex.states[state] {
            case .byte: states.append(state)
            case .either(let one, let other): open += [one, other]
            case .start(let next): if atStart { open.append(next) }
            case .end(let next): if atEnd { open.append(next) }
            case .accept: accepts = true
            }
        }
        return (states, accepts)
    }
}
