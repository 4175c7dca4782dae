// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Logging

/// The body of the `inotify` thread.
///
/// Changes of the file are found in the queue. After any change of the directories around it everything is set up anew, queue
/// included: the library keeps watches of directories that are gone and mixes their numbers up with new ones.
struct WatchLoop: ~Copyable {
    private(set) var directory: String
    let fileName: String
    /// How often to look when there is no queue to wait on, in milliseconds.
    let pollInterval: CInt
    let logger: Logger
    let onChange: @Sendable () -> Void
    private var queue: InotifyQueue?
    private var plan: WatchPlan?
    private var isDegraded = false

    init(
        directory: String,
        fileName: String,
        pollInterval: CInt,
        logger: Logger,
        onChange: @escaping @Sendable () -> Void,
    ) {
        self.directory = directory
        self.fileName = fileName
        self.pollInterval = pollInterval
        self.logger = logger
        self.onChange = onChange
    }

    /// Returns when `orders` says so. `ready` is called as soon as no change can be missed any more.
    mutating func run(_ orders: WatchOrders, ready: () -> Void) {
        // Watched before `ready`: whoever started us reads the file afterwards, and misses nothing.
        self.setUp()
        ready()
        while true {
            if self.wait(for: orders.descriptor) {
                guard let directory = orders.take() else { break }
                self.directory = directory
                self.setUp()
                self.onChange()
                continue
            }
            guard let events = self.receive() else {
                self.setUp()
                self.onChange()
                continue
            }
            if events.contains(.wayChanged) { self.setUp() }
            if events != [.unrelated] && !events.isEmpty { self.onChange() }
        }
        self.tearDown()
    }

    /// Whether there is an order.
    private borrowing func wait(for orders: CInt) -> Bool {
        var descriptors = [
            pollfd(fd: orders, events: Int16(POLLIN), revents: 0),
            // poll() passes over negative ones.
            pollfd(fd: self.queueDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        let timeout = self.isDegraded ? self.pollInterval : -1
        while unsafe poll(&descriptors, nfds_t(descriptors.count), timeout) < 0 {
            precondition(errno == EINTR, "poll failed with errno \(errno).")
        }
        return descriptors[0].revents != 0
    }

    private var queueDescriptor: CInt {
        switch self.queue {
        case .some(let queue): queue.descriptor
        case nil: -1
        }
    }

    /// What there is in the queue, each kind once. Nil when the queue cannot be relied on.
    private borrowing func receive() -> Set<WatchEvent>? {
        guard !self.isDegraded else { return nil }
        var arriving: String?
        if case .arrival(of: let name) = self.plan?.watches.last?.purpose { arriving = name }
        var events: Set<WatchEvent> = []
        switch self.queue {
        case .some(let queue):
            queue.drain { mask, name in
                events.insert(WatchEvent(mask: mask, name: name, fileName: self.fileName, arriving: arriving))
            }
        case nil:
            return nil
        }
        return events
    }

    /// Watches what there is to watch. A directory can come or go while that happens, so it looks again afterwards, until
    /// twice the same was seen.
    private mutating func setUp() {
        // Bounded: directories that come and go all the time must not keep the thread busy; it then looks every few
        // seconds.
        for _ in 0..<16 {
            self.tearDown()
            let plan = self.makePlan()
            guard let isWatched = self.watch(plan) else { break }
            if isWatched && self.makePlan() == plan {
                self.plan = plan
                self.degrade(false)
                return
            }
        }
        self.degrade(true)
    }

    /// Whether the one watch that matters was possible. The others can fail: a directory that we may enter but not read cannot
    /// be watched, and `/home` is often such a one. Nil when there is no queue, which trying again at once does not change.
    private mutating func watch(_ plan: WatchPlan) -> Bool? {
        do {
            let queue = try InotifyQueue()
            var isWatched = false
            for watch in plan.watches {
                // Only the last one is kept: the watch of the directory that matters.
                isWatched = queue.watch(watch.path, mask: WatchEvent.mask(for: watch.purpose))
            }
            self.queue = consume queue
            return isWatched
        } catch {
            return nil
        }
    }

    private mutating func tearDown() {
        self.queue = nil
        self.plan = nil
    }

    private mutating func degrade(_ isDegraded: Bool) {
        guard isDegraded != self.isDegraded else { return }
        self.isDegraded = isDegraded
        if isDegraded {
            self.tearDown()
            self.logger.warning(
                "The credentials cannot be watched and are looked at every few seconds instead",
                metadata: ["credentials.directory": "\(self.directory)"])
        } else {
            self.logger.info(
                "The credentials are watched again", metadata: ["credentials.directory": "\(self.directory)"])
        }
    }

    private borrowing func makePlan() -> WatchPlan {
        WatchPlan(directory: self.directory) { path in
            var status = stat()
            return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }
    }
}
