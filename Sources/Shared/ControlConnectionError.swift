// SPDX-License-Identifier: Apache-2.0

/// Why a client could not talk to the daemon. The first case means that no daemon runs; all the others leave open
/// whether one does.
public enum ControlConnectionError: Error, Sendable, Equatable {
    /// A place where a daemon could have listened.
    public struct Attempt: Sendable, Equatable {
        /// The socket that was tried.
        public var path: String
        /// The system's words, like "No such file or directory".
        public var reason: String

        public init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
    }

    case notRunning(tried: [Attempt])
    case permissionDenied(path: String)
    /// Neither this user nor root listens there.
    case foreignOwner(path: String, userID: UInt32)
    case pathTooLong(path: String, limit: Int)
    /// Nothing came within the time limit.
    case timedOut(path: String)
    /// It closed the connection instead of answering.
    case hungUp(path: String)
    /// It answered something else than Varlink.
    case malformedReply(path: String, detail: String)
    case system(path: String, reason: String)
}
