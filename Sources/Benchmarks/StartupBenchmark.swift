/// What a user waits for: from the command to the first event, and from Ctrl-C to the prompt. And memory.
struct StartupBenchmark {
    let program: String
    let runs: Int

    func run() throws(BenchmarkError) {
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
