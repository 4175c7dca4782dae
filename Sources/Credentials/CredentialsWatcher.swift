// SPDX-License-Identifier: Apache-2.0

internal import CInotifyTools
internal import Glibc
package import Logging
internal import Synchronization

/// Says when the credentials file has changed, through whatever becomes of the directories around it.
///
/// Start it before the first look at the file and early in the life of the process: libinotifytools cannot use a descriptor of
/// 1024 or more. There can be one at a time, since the library is one.
package final class CredentialsWatcher: Sendable {
    /// Why the file cannot be watched.
    package enum Failure: Error, Sendable, Equatable {
        /// Another watcher of this process is running.
        case alreadyRunning
        /// No thread or no descriptor for it.
        case unavailable(errno: CInt)
    }

    private struct Running: Sendable {
        var thread: pthread_t
        let orders: WatchOrders
    }

    /// What the thread is given. It frees it.
    private final class Parameters: Sendable {
        let directory: String
        let fileName: String
        let pollInterval: CInt
        let logger: Logger
        let onChange: @Sendable () -> Void
        let orders: WatchOrders
        let ready: CInt

        init(_ watcher: CredentialsWatcher, _ orders: WatchOrders, ready: CInt) {
            self.directory = orders.directory
            self.fileName = watcher.fileName
            self.pollInterval = watcher.pollInterval
            self.logger = watcher.logger
            self.onChange = watcher.onChange
            self.orders = orders
            self.ready = ready
        }
    }

    /// Whether the library is taken.
    private static let isLibraryTaken = Mutex(false)

    private let directory: Mutex<String>
    private let fileName: String
    private let pollInterval: CInt
    private let logger: Logger
    private let onChange: @Sendable () -> Void
    private let running = Mutex<Running?>(nil)

    /// `directory` is absolute and need not exist. `onChange` is called on the watcher's thread and must not stop the watcher.
    /// It is called rather too often than not at all: looking at the file must be harmless. `pollInterval`
    /// is for a system that has no inotify left for us.
    package init(
        directory: String,
        fileName: String,
        pollInterval: Duration = .seconds(5),
        logger: Logger = Logger(label: "credentials.watcher"),
        onChange: @escaping @Sendable () -> Void,
    ) {
        self.directory = Mutex(directory)
        self.fileName = fileName
        self.pollInterval = CInt(pollInterval / .milliseconds(1))
        self.logger = logger
        self.onChange = onChange
    }

    deinit {
        precondition(self.running.withLock { $0 == nil }, "A watcher must be stopped before it is released.")
    }

    /// Returns when every change from then on will be noticed.
    package func start() throws(Failure) {
        guard
            Self.isLibraryTaken.withLock({ isTaken in
                defer { isTaken = true }
                return !isTaken
            })
        else { throw .alreadyRunning }
        do throws(Failure) {
            let running = try self.spawn()
            self.running.withLock { $0 = running }
        } catch {
            Self.isLibraryTaken.withLock { $0 = false }
            throw error
        }
    }

    /// Watches the file of the same name in another directory from now on, which is absolute and need not exist. `onChange` is
    /// called once that is so.
    package func move(to directory: String) {
        self.directory.withLock { $0 = directory }
        self.running.withLock { $0 }?.orders.move(to: directory)
    }

    /// Returns when the thread has ended. Nothing is called after that.
    package func stop() {
        guard
            let running = self.running.withLock({ running in
                defer { running = nil }
                return running
            })
        else { return }
        // A thread that joins itself waits for ever.
        precondition(pthread_equal(running.thread, pthread_self()) == 0, "The watcher was stopped from its own thread.")
        running.orders.stop()
        _ = pthread_join(running.thread, nil)
        Self.isLibraryTaken.withLock { $0 = false }
    }

    private func spawn() throws(Failure) -> Running {
        guard let orders = WatchOrders(directory: self.directory.withLock { $0 }) else {
            throw .unavailable(errno: errno)
        }
        let ready = qwenproxy_inotify_eventfd()
        guard ready >= 0 else { throw .unavailable(errno: errno) }
        defer { close(ready) }
        let parameters = unsafe Unmanaged.passRetained(Parameters(self, orders, ready: ready))
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, nil, Self.body, parameters.toOpaque())
        guard code == 0 else {
            unsafe parameters.release()
            throw .unavailable(errno: code)
        }
        // `start` must not return before no change can be missed.
        Self.await(ready)
        return Running(thread: thread, orders: orders)
    }

    private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        unsafe qwenproxy_inotify_name_thread("inotify")
        guard let argument = unsafe argument else { preconditionFailure("The thread was started without parameters.") }
        let parameters = unsafe Unmanaged<Parameters>.fromOpaque(argument).takeRetainedValue()
        var loop = WatchLoop(
            directory: parameters.directory, fileName: parameters.fileName,
            pollInterval: parameters.pollInterval, logger: parameters.logger,
            onChange: parameters.onChange)
        loop.run(parameters.orders) { WatchOrders.signal(parameters.ready) }
        return nil
    }

    private static func await(_ descriptor: CInt) {
        var value: UInt64 = 0
        while unsafe read(descriptor, &value, MemoryLayout<UInt64>.size) < 0 {
            precondition(errno == EINTR, "An eventfd gave no value: errno \(errno).")
        }
    }
}
