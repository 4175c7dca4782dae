// SPDX-License-Identifier: Apache-2.0

/// Why there is no login. In words for the user.
package enum LoginFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case expired
    case denied
    /// The server does not want to.
    case refused(reason: String)
    case unreachable(reason: String)
    case notSaved(path: String, reason: String)
    /// Whoever asked does not wait any more.
    case cancelled

    package var description: String {
        switch self {
        case .expired: "The code was not confirmed in time. Try again with `qwenproxyctl login`."
        case .denied: "The login was declined on the web page."
        case .refused(let reason): "The login server refused: \(reason). \(LoginAdvice.closedTier)"
        case .unreachable(let reason): "The login server could not be asked: \(reason)."
        case .notSaved(let path, let reason): "The login could not be saved in \(path): \(reason)."
        case .cancelled: "The login was cancelled."
        }
    }
}
