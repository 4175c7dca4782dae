// SPDX-License-Identifier: Apache-2.0

/// What a logout did.
public struct LogoutReport: Codable, Sendable, Equatable {
    /// The file of the login.
    public var path: String
    /// False when there was none.
    public var removed: Bool

    public init(path: String, removed: Bool) {
        self.path = path
        self.removed = removed
    }
}
