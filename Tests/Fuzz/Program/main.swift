import CFuzzer
import FuzzTargets
import Glibc

// nettrace-fuzz TARGET [libFuzzer's options, folders of inputs…]; built and run by Tests/Fuzz/run.

let targets = FuzzTarget.all
guard CommandLine.argc > 1, let target = targets[CommandLine.arguments[1]] else {
    print("usage: nettrace-fuzz TARGET [options of libFuzzer] [folders]; targets:")
    for name in targets.keys.sorted() { print("    " + name) }
    exit(64)
}

/// The target for the C callback, which has no context.
let tryInput = target.run

// libFuzzer takes the first word as the program's name.
var count = CommandLine.argc - 1
var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
exit(
    LLVMFuzzerRunDriver(&count, &words) { data, size in
        tryInput(UnsafeRawBufferPointer(start: data, count: size))
        return 0
    })
