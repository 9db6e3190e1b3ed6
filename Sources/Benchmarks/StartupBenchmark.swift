import Glibc

/// Measures the user's waiting times, from the command to the first event and from Ctrl-C to the prompt, and memory.
struct StartupBenchmark {
    let program: String
    let runs: Int

    func run() throws(BenchmarkError) {
        try forgetProgramFile()
        try measureStart()
        try measureMemory("memory", [])
        try measureMemory("memory_timeline", ["--timeline"])
    }

    /// Measures the resident set after two rounds of events and output, when all buffers have their final size.
    private func measureMemory(_ name: String, _ arguments: [String]) throws(BenchmarkError) {
        let load = try LoopbackLoad()
        var tracer = try TracerProcess(program, arguments + ["-p", "udp", "--dport", "\(load.port)"])
        _ = try tracer.waitUntilReady()
        for _ in 0..<2 {
            _ = try load.run()
            usleep(500_000)
        }
        let memory = tracer.memory
        _ = try tracer.stop()
        Figures.print("startup.\(name)", Double(memory) / 1024, "MiB")
    }

    /// Removes the program file from the page cache. A file that was just built is cached in pieces of megabytes, each of which
    /// is mapped as a whole; an installed file that was read is not.
    private func forgetProgramFile() throws(BenchmarkError) {
        let file = open(program, O_RDONLY)
        guard file >= 0 else { throw BenchmarkError(failed: "open \(program)") }
        defer { close(file) }
        fsync(file)
        posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
    }

    private func measureStart() throws(BenchmarkError) {
        var ready: [Double] = []
        var ends: [Double] = []
        var memory: [Double] = []
        var processor: [Double] = []
        for _ in 0..<runs {
            var tracer = try TracerProcess(program, [])
            ready.append(try tracer.waitUntilReady().nanoseconds / 1e6)
            let ending = try tracer.stop()
            ends.append(ending.duration.nanoseconds / 1e6)
            memory.append(Double(ending.peakMemory) / 1024)
            processor.append(ending.processorTime.nanoseconds / 1e6)
        }
        Figures.print("startup.ready", ready.median, "ms")
        Figures.print("startup.detach", ends.median, "ms")
        Figures.print("startup.processor_time", processor.median, "ms")
        Figures.print("startup.peak_memory", memory.median, "MiB")
    }
}
