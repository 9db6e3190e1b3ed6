/// The actions of D.
enum ActionName: String, CaseIterable {
    case trace, printf, printa, print, tracemem, stack, exit
    case clear, trunc, normalize, denormalize
    case speculate, commit, discard
    case setopt, freopen, ftruncate
    case system, stop, raise, panic, breakpoint, chill, pcap

    var isDestructive: Bool {
        switch self {
        case .system, .stop, .raise, .panic, .breakpoint, .chill: true
        default: false
        }
    }

    /// Whether it puts something into the output: such actions have rules about speculations.
    var isRecording: Bool {
        switch self {
        case .speculate, .commit, .discard, .exit: false
        default: true
        }
    }

    /// The error of a wrong number of arguments; some actions have one of their own.
    var countTag: ErrorTag {
        switch self {
        case .printa, .clear, .trunc, .normalize, .denormalize, .stack, .tracemem:
            ErrorTag("\(rawValue.uppercased())_PROTO")
        default: ErrorTag("PROTO_LEN")
        }
    }

    /// The least and the most arguments.
    var arguments: ClosedRange<Int> {
        switch self {
        case .trace, .print, .exit, .denormalize, .clear, .speculate, .commit, .discard, .raise, .chill: 1...1
        case .printf, .printa, .freopen, .system: 1...64
        case .tracemem: 2...3
        case .stack: 0...1
        case .trunc: 1...2
        case .normalize: 2...2
        case .setopt: 1...2
        case .pcap: 2...2
        case .ftruncate, .stop, .panic, .breakpoint: 0...0
        }
    }
}

enum AggregationFunction: String, CaseIterable {
    case count, sum, avg, min, max, stddev, quantize, lquantize, llquantize

    /// The least and the most arguments.
    var arguments: ClosedRange<Int> {
        switch self {
        case .count: 0...0
        case .sum, .avg, .min, .max, .stddev: 1...1
        case .quantize: 1...2
        case .lquantize: 3...5
        case .llquantize: 5...6
        }
    }
}
