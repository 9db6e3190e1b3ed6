import Glibc

/// Work on a thread of its own, while the caller does something else.
///
/// The thread has ended when `value()` returns or the owner is gone, so the caller may then change credentials and
/// signal masks, which Linux keeps per thread. If no thread can be created, `value()` does the work.
struct BackgroundWork<Value: Sendable>: ~Copyable {
    private let work: @Sendable () -> Value
    private let result = Result()
    private var thread: pthread_t?

    /// Written by the thread, read after it has ended.
    private final class Result: @unchecked Sendable { var value: Value? }

    /// Starts the thread with pthread_create(3).
    init(_ work: @escaping @Sendable () -> Value) {
        self.work = work
        let result = result
        thread = Task { result.value = work() }.start()
    }

    deinit {
        if let thread { pthread_join(thread, nil) }
    }

    /// Waits for the thread with pthread_join(3).
    consuming func value() -> Value {
        if let thread = thread.take() { pthread_join(thread, nil) }
        return result.value ?? work()
    }
}

/// The argument of the thread: a C function cannot be generic.
private final class Task: Sendable {
    let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) { self.work = work }

    func start() -> pthread_t? {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(self)
        let error = pthread_create(&thread, nil, run, argument.toOpaque())
        guard error == 0 else {
            argument.release()
            return nil
        }
        return thread
    }
}

private func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let argument { Unmanaged<Task>.fromOpaque(argument).takeRetainedValue().work() }
    return nil
}
