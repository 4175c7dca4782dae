// SPDX-License-Identifier: Apache-2.0

/// Who serves now.
public struct RestartReport: Codable, Sendable, Equatable {
    /// The process that accepts connections now.
    public var pid: Int
    /// Of that process.
    public var version: String

    public init(pid: Int, version: String) {
        self.pid = pid
        self.version = version
    }
}
