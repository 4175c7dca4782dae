// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A named pipe that makes its reader wait until it is released.
public final class HeldPipe: Sendable {
    public let path: String
    private let writers = Journal<Int32>()
    private let isReleased = Mutex(false)

    public init(path: String) throws {
        guard unsafe mkfifo(path, 0o600) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        self.path = path
        let writers = self.writers
        // Blocks until the other end is opened.
        Thread.detachNewThread {
            writers.append(unsafe open(path, O_WRONLY | O_CLOEXEC))
        }
    }

    deinit {
        self.release()
    }

    /// Returns when the reader has opened the pipe, and so waits.
    public func waitForReader() async throws {
        _ = try await self.writers.entry(at: 0, "a reader of the pipe")
    }

    /// Lets the reader go on, for good.
    public func release() {
        let isFirst = self.isReleased.withLock { isReleased in
            defer { isReleased = true }
            return !isReleased
        }
        guard isFirst else { return }
        for writer in self.writers.entries { close(writer) }
    }
}
