// SPDX-License-Identifier: Apache-2.0

/// Why a call on the control interface did not do what it was asked.
///
/// The daemon throws the first group and it travels under the names of `VarlinkErrorReply`; the last case is the
/// client's own.
public enum ControlError: Error, Sendable, Equatable {
    case interfaceNotFound(String)
    case methodNotFound(String)
    case methodNotImplemented(String)
    case invalidParameter(String)
    case permissionDenied
    /// The method has several replies, and the caller did not say `more`.
    case expectedMore
    /// As many calls with several replies run as may run at a time.
    case busy
    /// The new configuration has these mistakes; the old one stays in force.
    case reloadRejected(mistakes: [String])
    /// The configuration in force has these mistakes, so no upstream is asked.
    case configurationMistaken([String])
    /// The new daemon did not take over; the old one goes on. The reason is a sentence for people.
    case restartFailed(reason: String)
    /// The login could not be made, renewed or removed. The reason is a sentence for people.
    case credentialsFailed(reason: String)
    /// The daemon is on its way out and changes nothing any more.
    case stopping
    /// An error this version does not know, by its full name: the other end is newer.
    case other(String)

    /// The conversation itself failed. Only a client throws this.
    case connection(ControlConnectionError)

    /// Its full name on the wire. A client's own errors have none.
    public var name: String { VarlinkErrorReply(self).error }
}

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
