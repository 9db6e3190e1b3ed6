import BPFCode
import CodeInterpreter
import Testing

/// The rules of the verifier that the interpreter checks, and the helpers that it has.
@Suite struct InterpreterTests {
    private func run(
        _ kernel: inout ModelKernel, maps: [Map] = [], _ emit: (inout Assembler) -> Void
    ) throws -> UInt64 {
        var assembler = Assembler()
        emit(&assembler)
        return try assembler.finished().run(&kernel, maps: maps, context: 0x1000)
    }

    private func fault(_ emit: (inout Assembler) -> Void) -> Fault? {
        var kernel = ModelKernel()
        kernel.memory.add(Array(0..<16), at: 0x1000, .readOnly, isAligned: true)
        do {
            _ = try run(&kernel, emit)
            return nil
        } catch {
            return error as? Fault
        }
    }

    @Test func registersNeedValues() {
        #expect(fault { $0.emit(.exit) } == .uninitialisedRegister(0))
        #expect(
            fault {
                $0.emit(.arithmetic64(.add, .r3, 1))
            } == .uninitialisedRegister(3))
        #expect(
            fault {
                $0.emit(.arithmetic64(.move, .r0, .r2))
            } == .uninitialisedRegister(2))
        #expect(
            fault {
                $0.emit(.call(.ktimeGetNs))
                $0.emit(.arithmetic64(.move, .r0, .r1))
                $0.emit(.exit)
            } == .uninitialisedRegister(1), "calls take r1 to r5")
        #expect(
            fault {
                $0.emit(.arithmetic64(.move, .r1, .frame))
                $0.emit(.arithmetic64(.move, .r2, 8))
                $0.emit(.call(.probeReadKernel))
            } == .uninitialisedRegister(3))
    }

    @Test func memoryHasBounds() {
        let top: UInt64 = 0x2_0000_0000
        #expect(fault { $0.emit(.load(.word, .r0, from: .frame, -8)) } == .uninitialised(top - 8))
        #expect(
            fault {
                $0.emit(.store(.word, .r1, to: .frame, -8))
                $0.emit(.load(.double, .r0, from: .frame, -8))
            } == .uninitialised(top - 4))
        #expect(fault { $0.emit(.store(.word, .r1, to: .frame, -6)) } == .misaligned(top - 6))
        #expect(fault { $0.emit(.store(.byte, .r1, to: .frame, 0)) } == .access(top))
        #expect(fault { $0.emit(.store(.double, .r1, to: .frame, -520)) } == .access(top - 520))
        #expect(fault { $0.emit(.load(.word, .r0, from: .r1, 14)) } == .access(0x100e))
        #expect(fault { $0.emit(.load(.word, .r0, from: .r1, 6)) } == .misaligned(0x1006))
        #expect(fault { $0.emit(.store(.word, .r1, to: .r1, 8)) } == .access(0x1008))
        #expect(
            fault {
                $0.emit(.arithmetic64(.move, .r2, 0))
                $0.emit(.load(.word, .r0, from: .r2, 0))
            } == .access(0))
    }

    @Test func programsEnd() {
        #expect(
            fault {
                let start = $0.makeLabel()
                $0.place(start)
                $0.emit(.jump(start))
            } == .endless)
        #expect(fault { $0.emit(.arithmetic64(.move, .r0, 0)) } == .endless)
    }

    @Test func mapsKeepValues() throws {
        let map = Map("counts", .hash, keySize: 4, valueSize: 8, entries: 2)
        var kernel = ModelKernel()
        func update(_ assembler: inout Assembler, key: Int32, mode: Int32) {
            assembler.emit(.store(.word, .immediate(key), to: .frame, -4))
            assembler.emit(.store(.double, .immediate(key * 10), to: .frame, -16))
            assembler.emit(.map(.r1, map))
            for (register, place) in [(Register.r2, Int32(-4)), (.r3, -16)] {
                assembler.emit(.arithmetic64(.move, register, .frame))
                assembler.emit(.arithmetic64(.add, register, place))
            }
            assembler.emit(.arithmetic64(.move, .r4, mode))
            assembler.emit(.call(.mapUpdateElem))
        }
        let result = try run(&kernel, maps: [map]) {
            update(&$0, key: 1, mode: 1)
            update(&$0, key: 2, mode: 0)
            update(&$0, key: 3, mode: 0)
            $0.emit(.arithmetic64(.move, .r6, .r0))
            update(&$0, key: 2, mode: 1)
            $0.emit(.arithmetic64(.multiply, .r6, .r0))
            update(&$0, key: 4, mode: 2)
            $0.emit(.arithmetic64(.multiply, .r0, .r6))
            $0.emit(.exit)
        }
        // E2BIG, EEXIST and ENOENT
        #expect(Int64(bitPattern: result) == -7 * -17 * -2)
        #expect(
            kernel.contents(ofMap: "counts") == [
                [1, 0, 0, 0]: [[10] + Array(repeating: 0, count: 7)],
                [2, 0, 0, 0]: [[20] + Array(repeating: 0, count: 7)],
            ])
    }

    @Test func eachCPUHasItsValue() throws {
        let map = Map("counts", .perCPUArray, valueSize: 8, entries: 1)
        var assembler = Assembler()
        let isAbsent = assembler.makeLabel("absent")
        assembler.emit(.store(.word, .immediate(0), to: .frame, -4))
        assembler.emit(.map(.r1, map))
        assembler.emit(.arithmetic64(.move, .r2, .frame))
        assembler.emit(.arithmetic64(.add, .r2, -4))
        assembler.emit(.call(.mapLookupElem))
        assembler.emit(.jump64(.equal, .r0, 0, to: isAbsent))
        assembler.emit(.arithmetic64(.move, .r1, 1))
        assembler.emit(.atomic(.add, .double, .r1, at: .r0, 0))
        assembler.place(isAbsent)
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.emit(.exit)
        var kernel = ModelKernel(cpus: 2)
        let interpreter = try Interpreter(assembler.finished().encoded(maps: kernel.create([map])))
        for cpu in [0, 1, 1] {
            kernel.cpu = cpu
            _ = try interpreter.run(&kernel)
        }
        #expect(kernel.contents(ofMap: "counts")[[0, 0, 0, 0]]?.map { $0[0] } == [1, 2])
    }

    @Test func kernelMemoryIsReadByHelpersOnly() throws {
        var kernel = ModelKernel()
        kernel.memory.add(Array("lo\0xx".utf8), at: 0xffff_8000_0000_0000, .kernel)
        func read(_ address: UInt64, _ helper: Helper, _ count: Int32) throws -> (result: UInt64, bytes: UInt64) {
            var kernel = kernel
            func value(_ end: (inout Assembler) -> Void) throws -> UInt64 {
                try run(&kernel) {
                    $0.emit(.store(.double, .immediate(-1), to: .frame, -8))
                    $0.emit(.arithmetic64(.move, .r1, .frame))
                    $0.emit(.arithmetic64(.add, .r1, -8))
                    $0.emit(.arithmetic64(.move, .r2, count))
                    $0.emit(.constant(.r3, address))
                    $0.emit(.call(helper))
                    end(&$0)
                    $0.emit(.exit)
                }
            }
            return (try value { _ in }, try value { $0.emit(.load(.double, .r0, from: .frame, -8)) })
        }
        #expect(try read(0xffff_8000_0000_0001, .probeReadKernel, 2) == (0, 0xffff_ffff_ffff_006f))
        #expect(try read(0xffff_8000_0000_0001, .probeReadKernel, 8) == (UInt64(bitPattern: -14), 0))
        #expect(try read(0xffff_8000_0000_0000, .probeReadKernelStr, 8) == (3, 0xffff_ffff_ff00_6f6c))
        #expect(try read(0xffff_8000_0000_0000, .probeReadKernelStr, 2) == (2, 0xffff_ffff_ffff_006c))
        #expect(
            fault {
                $0.emit(.constant(.r2, 0xffff_8000_0000_0000))
                $0.emit(.load(.byte, .r0, from: .r2, 0))
            } == .access(0xffff_8000_0000_0000))
    }

    @Test func recordsAreSubmittedOrDiscarded() throws {
        let ring = Map("ring", .ringBuffer, valueSize: 0, entries: 4096)
        var kernel = ModelKernel()
        _ = try run(&kernel, maps: [ring]) {
            for (number, helper) in [(Int32(1), Helper.ringbufSubmit), (2, .ringbufDiscard), (3, .ringbufSubmit)] {
                $0.emit(.map(.r1, ring))
                $0.emit(.arithmetic64(.move, .r2, 8))
                $0.emit(.arithmetic64(.move, .r3, 0))
                $0.emit(.call(.ringbufReserve))
                $0.emit(.store(.double, .immediate(number), to: .r0, 0))
                $0.emit(.arithmetic64(.move, .r1, .r0))
                $0.emit(.arithmetic64(.move, .r2, 0))
                $0.emit(.call(helper))
            }
            $0.emit(.arithmetic64(.move, .r0, 0))
            $0.emit(.exit)
        }
        #expect(kernel.output.map { $0[0] } == [1, 3])
    }

    @Test func functionsHaveTheirOwnStack() throws {
        var kernel = ModelKernel()
        let result = try run(&kernel) {
            let double = $0.makeLabel("double")
            $0.emit(.store(.double, .immediate(1), to: .frame, -8))
            $0.emit(.arithmetic64(.move, .r6, 100))
            $0.emit(.arithmetic64(.move, .r1, 21))
            $0.emit(.callFunction(double))
            $0.emit(.load(.double, .r1, from: .frame, -8))
            $0.emit(.arithmetic64(.add, .r0, .r1))
            $0.emit(.arithmetic64(.add, .r0, .r6))
            $0.emit(.exit)
            $0.place(double)
            $0.emit(.store(.double, .r1, to: .frame, -8))
            $0.emit(.arithmetic64(.move, .r6, 0))
            $0.emit(.load(.double, .r0, from: .frame, -8))
            $0.emit(.arithmetic64(.multiply, .r0, 2))
            $0.emit(.exit)
        }
        #expect(result == 42 + 1 + 100)
    }

    @Test func randomProgramsBreakNoRule() throws {
        var random = SeededGenerator(seed: 3)
        var differences: Set<[UInt8]> = []
        for _ in 0..<200 {
            let made = RandomCode.make(using: &random, usesAtomics: true)
            let code = try #require(made)
            var kernel = ModelKernel()
            let numbers = kernel.create(RandomCode.maps)
            kernel.set("input", to: (0..<80).map { UInt8($0) })
            _ = try Interpreter(code.encoded(maps: numbers)).run(&kernel)
            let output = try #require(kernel.contents(ofMap: "output").values.first)
            differences.insert(output.flatMap(\.self))
        }
        #expect(differences.count > 150)
    }
}
