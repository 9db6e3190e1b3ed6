import CFuzzer
import FuzzTargets
import Glibc
import Testing

@testable import PacketFilter

/// The fuzzer's inputs without the fuzzer, which is a build of its own (`make fuzz`): the whole corpus, which has found
/// errors, well-formed inputs (Tests/Fuzz/seeds), and mutations of these. They are the same in each run.
///
/// The input that ends the process is left in the file `lastInput`.
@Suite(.serialized) struct ReplayTests {
    private static let folder = #filePath.dropLast("Replay/ReplayTests.swift".count)
    private static let lastInput = "/tmp/nettrace-replay-\(getpid())"

    @Test(arguments: FuzzTarget.all.keys.sorted())
    func nothingTraps(target name: String) throws {
        let target = try #require(FuzzTarget.all[name])
        try #require(Self.staysOffTheNetwork)
        let inputs = try Self.inputs(of: name)
        let copy = try InputCopy(path: "\(Self.lastInput)-\(name)")
        var mutator = Mutator()
        for input in inputs { copy.hold(input, during: target.run) }
        for number in 0..<Self.mutations(for: name) {
            copy.hold(mutator.mutated(inputs[number % inputs.count], longest: 4096), during: target.run)
        }
        copy.remove()
    }

    /// Few for inputs that go through ArgumentParser, which takes a hundred times as long.
    private static func mutations(for target: String) -> Int {
        switch target {
        case "arguments": 20
        case "values": 100
        default: 500
        }
    }

    /// Keeps names in expressions from causing DNS requests. The first compilation configures name services, DNS
    /// included, so it comes before.
    private static let staysOffTheNetwork: Bool = {
        _ = try? ClassicProgram(compiling: "ip")
        return __nss_configure_lookup("hosts", "files") == 0
    }()

    private static func inputs(of target: String) throws -> [[UInt8]] {
        let seeds = try #require(Self.seeds)
        // Also starts from nothing and from noise.
        return [[], [UInt8](repeating: 0, count: 64), Array(0...255)]
            + ["\(folder)corpus/\(target)", "\(seeds)/\(target)"].flatMap(files)
    }

    /// Made once; nil if that failed.
    private static let seeds: String? = {
        var template = Array("/tmp/nettrace-seeds-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return system("'\(folder)seeds' '\(path)'") == 0 ? path : nil
    }()

    private static func files(in folder: String) -> [[UInt8]] {
        guard let entries = opendir(folder) else { return [] }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
            }
        }
        return names.filter { !$0.hasPrefix(".") }.sorted().map { bytes(of: "\(folder)/\($0)") }
    }

    private static func bytes(of path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        return Array(unsafeUninitializedCapacity: 1 << 20) { buffer, count in
            count = fread(buffer.baseAddress, 1, buffer.count, file)
        }
    }
}

/// Memory that is backed by a file, so that an input outlives the process.
private struct InputCopy {
    private static let capacity = 1 << 20
    private let path: String
    private let memory: UnsafeMutableRawPointer
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        try #require(descriptor >= 0)
        let mapping = mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        memory = try #require(mapping == MAP_FAILED ? nil : mapping)
    }

    /// The target gets memory of the input's own size, so that AddressSanitizer reports reads beyond it.
    func hold(_ input: [UInt8], during run: (UnsafeRawBufferPointer) -> Void) {
        ftruncate(descriptor, min(input.count, Self.capacity))
        memory.copyMemory(from: input, byteCount: min(input.count, Self.capacity))
        input.withUnsafeBytes(run)
    }

    func remove() {
        munmap(memory, Self.capacity)
        close(descriptor)
        unlink(path)
    }
}

/// Mutations as a fuzzer makes them, without feedback.
private struct Mutator {
    private var state: UInt64 = 0x2545_f491_4f6c_dd1d

    private mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(bound, 1)))
    }

    private static let remarkable: [UInt8] = [0, 1, 0x7f, 0x80, 0xff, 0x20, 0x2c, 0x2d, 0x2e, 0x2f, 0x3a, 0x5b, 0x7b]

    mutating func mutated(_ input: [UInt8], longest: Int) -> [UInt8] {
        var bytes = Array(input.prefix(longest))
        for _ in 0...below(4) {
            let place = below(bytes.count)
            switch below(6) {
            case 0 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(below(8))
            case 1 where !bytes.isEmpty: bytes[place] = Self.remarkable[below(Self.remarkable.count)]
            case 2 where !bytes.isEmpty: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(16)))
            case 3: bytes.insert(Self.remarkable[below(Self.remarkable.count)], at: place)
            case 4 where !bytes.isEmpty:
                let part = Array(bytes[place..<min(bytes.count, place + 1 + below(32))])
                bytes.insert(contentsOf: part, at: below(bytes.count))
            case 5: bytes.removeLast(below(bytes.count))
            default: bytes.append(UInt8(below(256)))
            }
        }
        return bytes
    }
}
