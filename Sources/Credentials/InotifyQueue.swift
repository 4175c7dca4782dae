// SPDX-License-Identifier: Apache-2.0

internal import CInotifyTools
internal import Glibc

/// libinotifytools, which is one per process and belongs to one thread: everything in it is global. Owned by `WatchLoop`,
/// on the `inotify` thread.
struct InotifyQueue: ~Copyable {
    enum Failure: Error, Sendable, Equatable {
        /// The limit of instances per user, for example.
        case notInitialised(errno: CInt)
        /// The library waits with `select`, which ends the process on a descriptor of 1024 or more.
        case descriptorTooHigh
    }

    /// The library's, found by looking, since it does not tell.
    let descriptor: CInt

    init() throws(Failure) {
        let before = Self.inotifyDescriptors()
        guard inotifytools_initialize() != 0 else { throw .notInitialised(errno: inotifytools_error()) }
        guard let descriptor = Self.inotifyDescriptors().subtracting(before).first else {
            inotifytools_cleanup()
            throw .descriptorTooHigh
        }
        // Without this every child process would keep the queue.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
    }

    deinit {
        // The library keeps unread events in a static buffer, where the next queue would find them.
        while unsafe Self.next() != nil {}
        inotifytools_cleanup()
    }

    /// Returns whether the directory is watched now.
    func watch(_ path: String, mask: CInt) -> Bool {
        unsafe path.withCString { unsafe inotifytools_watch_file($0, mask | CInt(bitPattern: UInt32(IN_ONLYDIR))) } != 0
    }

    /// Calls `body` with each event that is there.
    func drain(_ body: (_ mask: UInt32, _ name: String?) -> Void) {
        // Until there is none: the library reads several at once into its own buffer, and then the descriptor is no
        // longer readable.
        while let event = unsafe Self.next() {
            let name = unsafe qwenproxy_inotify_event_name(event)
            body(unsafe event.pointee.mask, unsafe name.map { unsafe String(cString: $0) })
        }
    }

    /// Nil when there is none.
    private static func next() -> UnsafeMutablePointer<inotify_event>? {
        while true {
            // next_event(0) would wait for ever; this form does not wait.
            if let event = unsafe inotifytools_next_events(0, 1) { return unsafe event }
            if inotifytools_error() != EINTR { return nil }
        }
    }

    /// Only those that `select` can take.
    private static func inotifyDescriptors() -> Set<CInt> {
        var found: Set<CInt> = []
        let kind = "anon_inode:inotify".utf8.map { CChar(bitPattern: $0) }
        // One byte more than the name we look for, to tell it from longer ones.
        var target = [CChar](repeating: 0, count: kind.count + 1)
        for descriptor in CInt(0)..<CInt(FD_SETSIZE) {
            let count = unsafe readlink("/proc/self/fd/\(descriptor)", &target, target.count)
            if count == kind.count, target.starts(with: kind) { found.insert(descriptor) }
        }
        return found
    }
}
