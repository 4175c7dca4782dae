// SPDX-License-Identifier: Apache-2.0

/// Who serves now.
public struct RestartReport: Codable, Sendable, Equatable {
    public var pid: Int
    public var version: String

    public init(pid: Int, version: String) {
        self.pid = pid
        self.version = version
    }
}
