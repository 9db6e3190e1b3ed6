/// Measures the cost of tracing for the traced packets: nanoseconds per program run and per packet, for packets that
/// the filter rejects and for those that it accepts.
struct KernelBenchmark {
    let program: String
    let runs: Int

    /// One load under one configuration.
    private struct Sample {
        /// Statistics of nettrace's programs, and of the minimal programs at the same hook.
        var traced: ProgramStatistics
        var empty, headers: ProgramStatistics?
        /// Nanoseconds per packet for its whole path, without the kernel's time measurement.
        var packet: Double
    }

    func run() throws(BenchmarkError) {
        let load = try LoopbackLoad()
        _ = try load.run()
        var untraced: [Double] = []
        for _ in 0..<runs { untraced.append(try load.run()) }
        Figures.print("kernel.untraced.packet", untraced.median, "ns")

        let layout = try SocketBufferLayout()
        try compare("tracepoint", tracers: "net:netif_receive_skb", load, layout) { work throws(BenchmarkError) in
            try FloorProgram(work, tracepoint: "netif_receive_skb")
        }
        let features = FeatureBenchmark(program: program, runs: runs)
        try features.run("tracepoint", tracer: "net:netif_receive_skb", isFunction: false, load)
        if let reason = Self.lacksKprobeMulti() {
            Figures.note("kernel.kprobe_multi: left out, \(reason)")
        } else {
            try compare("kprobe_multi", tracers: "kernel:ip_rcv", load, layout) { work throws(BenchmarkError) in
                try FloorProgram(work, function: "ip_rcv")
            }
            try features.run("kprobe_multi", tracer: "kernel:ip_rcv", isFunction: true, load)
        }
        try compare("default", tracers: nil, load, layout, floor: nil)
    }

    /// Attaches a minimal program to the same hook.
    private typealias Floor = (FloorProgram.Work) throws(BenchmarkError) -> FloorProgram

    /// The reason that kprobe.multi is not available; nil if it is.
    private static func lacksKprobeMulti() -> BenchmarkError? {
        do throws(BenchmarkError) {
            _ = try FloorProgram(.nothing, function: "ip_rcv")
            return nil
        } catch {
            return error
        }
    }

    /// Compares unmatched and matched packets under the same tracers with minimal programs at the same hook.
    private func compare(
        _ name: String, tracers: String?, _ load: borrowing LoopbackLoad, _ layout: SocketBufferLayout, floor: Floor?
    ) throws(BenchmarkError) {
        let selection = tracers.map { ["-t", $0] } ?? []
        // The same protocol, so that the filter must check the ports.
        let otherPort = load.port == 9 ? 10 : 9
        let unmatched = try measure(selection + ["-p", "udp", "--dport", "\(otherPort)"], load, layout, floor)
        let matched = try measure(selection + ["-p", "udp", "--dport", "\(load.port)"], load, layout, floor)

        let (rejecting, taking) = (unmatched.map(\.traced.perRun).median, matched.map(\.traced.perRun).median)
        Figures.print("kernel.\(name).unmatched.run", rejecting, "ns")
        Figures.print("kernel.\(name).matched.run", taking, "ns")
        Figures.print("kernel.\(name).matched_by_unmatched", taking / rejecting, "ratio")
        if floor != nil {
            let empty = (unmatched + matched).compactMap(\.empty?.perRun).median
            let headers = unmatched.compactMap(\.headers?.perRun).median
            Figures.print("kernel.\(name).empty.run", empty, "ns")
            Figures.print("kernel.\(name).headers.run", headers, "ns")
            Figures.print("kernel.\(name).unmatched_by_empty", rejecting / empty, "ratio")
            Figures.print("kernel.\(name).unmatched_by_headers", rejecting / headers, "ratio")
        }
        let count = Double(LoopbackLoad.packetCount)
        Figures.print("kernel.\(name).runs_per_packet", unmatched.map { Double($0.traced.runs) / count }.median, "runs")
        Figures.print("kernel.\(name).unmatched.packet", unmatched.map(\.packet).median, "ns")
        Figures.print("kernel.\(name).matched.packet", matched.map(\.packet).median, "ns")
    }

    private func measure(
        _ arguments: [String], _ load: borrowing LoopbackLoad, _ layout: SocketBufferLayout, _ floor: Floor?
    ) throws(BenchmarkError) -> [Sample] {
        var tracer = try TracerProcess(program, arguments)
        _ = try tracer.waitUntilReady()
        var samples: [Sample] = []
        for _ in 0..<runs {
            let packet = try load.run()
            let timing = try ProgramTiming()
            let before = try ProgramStatistics(process: tracer.pid)
            var floors: (empty: ProgramStatistics, headers: ProgramStatistics)?
            if let floor {
                let empty = try floor(.nothing)
                let headers = try floor(.headers(layout))
                _ = try load.run()
                floors = (try empty.statistics(), try headers.statistics())
            } else {
                _ = try load.run()
            }
            let traced = try ProgramStatistics(process: tracer.pid) - before
            samples.append(Sample(traced: traced, empty: floors?.empty, headers: floors?.headers, packet: packet))
            _ = consume timing
        }
        _ = try tracer.stop()
        return samples
    }
}
