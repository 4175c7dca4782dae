// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// A call that failed, in the user's words: what happened, and what to do next.
struct Failure: Equatable {
    var status: ExitStatus
    var message: String

    init(_ error: ControlError) {
        switch error {
        case .connection(let error):
            self.init(error)
        case .reloadRejected(let mistakes):
            let list = mistakes.map { "\n  \($0)" }.joined()
            self.init(.refused, "The new configuration has mistakes, so the old one stays in force:\(list)")
        case .configurationMistaken(let mistakes):
            self.init(.refused, MistakenConfiguration(mistakes: mistakes).message)
        case .restartFailed(let reason):
            self.init(.refused, "The new qwenproxyd did not take over, so the old one goes on: \(reason)")
        case .credentialsFailed(let reason):
            self.init(.refused, reason)
        case .busy:
            self.init(.refused, "As many \"monitor\" and \"login\" are running as may run at a time. End one first.")
        case .stopping:
            self.init(.refused, "qwenproxyd is stopping and changes nothing any more.")
        case .permissionDenied:
            self.init(.refused, "qwenproxyd does not let this user do that.")
        case .expectedMore:
            self.init(.refused, "qwenproxyd wants to answer several times. \(Self.versionAdvice)")
        case .invalidParameter(let name):
            self.init(.refused, "The running qwenproxyd does not know the parameter \(name). \(Self.olderAdvice)")
        case .interfaceNotFound(let name), .methodNotFound(let name), .methodNotImplemented(let name):
            self.init(.refused, "The running qwenproxyd does not know \(name). \(Self.olderAdvice)")
        case .other(let name):
            self.init(.refused, "qwenproxyd answered with the error \(name). \(Self.versionAdvice)")
        }
    }

    private init(_ error: ControlConnectionError) {
        switch error {
        case .notRunning(let attempts):
            let tried = attempts.map { "\n  \($0.path): \($0.reason)" }.joined()
            self.init(.notRunning, "qwenproxyd is not running. Tried:\(tried)\n\(Self.startAdvice)")
        case .permissionDenied(let path):
            self.init(
                .unknown, "Permission denied on \(path). Only the user who runs qwenproxyd, and root, may talk to it.")
        case .foreignOwner(let path, let userID):
            self.init(
                .unknown,
                "What listens on \(path) belongs to user \(userID), so nothing was sent to it. qwenproxyctl talks to a "
                    + "qwenproxyd of its own user or of root only.")
        case .pathTooLong(let path, let limit):
            self.init(.unknown, "The path of a socket has between 1 and \(limit) bytes: \(path)")
        case .timedOut(let path):
            self.init(
                .unknown,
                """
                qwenproxyd did not answer in time on \(path).
                Look into its log with "qwenproxyctl logs".
                """)
        case .hungUp(let path):
            self.init(
                .unknown,
                """
                The connection on \(path) was closed without an answer.
                Look into the log with "qwenproxyctl logs".
                """)
        case .malformedReply(let path, let detail):
            self.init(
                .unknown, "What listens on \(path) does not answer like qwenproxyd: \(detail). \(Self.versionAdvice)")
        case .system(let path, let reason):
            self.init(.unknown, "Could not talk to qwenproxyd on \(path): \(reason)")
        }
    }

    private init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Root has no daemon of its own as a rule, and may ask those that the system runs for users.
    private static var startAdvice: String {
        let users = geteuid() == 0 ? SystemInstances.users() : []
        guard let first = users.first else {
            return
                "Start it with \"systemctl --user enable --now qwenproxyd\", or run \"qwenproxyd\" in the foreground."
        }
        return
            "The system runs it for \(users.joined(separator: ", ")): say --socket \(SocketPath.ofSystemService(for: first))"
    }

    private static let versionAdvice =
        "This is qwenproxyctl \(Version.current); a daemon from before an upgrade has to be restarted."

    /// Whatever this program asks for, a daemon of the same version knows.
    private static let olderAdvice =
        "It is older than this qwenproxyctl (\(Version.current)); \"qwenproxyctl restart\" puts the installed one in its place."
}
