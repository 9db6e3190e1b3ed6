import Glibc

/// One piece of work on a thread of its own, while the caller does another.
///
/// The thread has ended when the value is there, or when the owner is gone: credentials and signal masks, which Linux
/// keeps per thread, can be changed without a thought of it. Where no thread can be had the caller does the work.
struct BackgroundWork<Value: Sendable>: ~Copyable {
    private let work: @Sendable () -> Value
    private let result = Result()
    private var thread: pthread_t?

    /// Written by the thread, read when it has ended.
    private final class Result: @unchecked Sendable { var value: Value? }

    /// pthread_create(3).
    init(_ work: @escaping @Sendable () -> Value) {
        self.work = work
        let result = result
        thread = Task { result.value = work() }.start()
    }

    deinit {
        if let thread { pthread_join(thread, nil) }
    }

    /// Waits for the thread: pthread_join(3).
    consuming func value() -> Value {
        if let thread = thread.take() { pthread_join(thread, nil) }
        return result.value ?? work()
    }
}

/// What a thread is handed: a C function knows no generic types.
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
