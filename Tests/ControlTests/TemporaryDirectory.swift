// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A directory of mode 0700 that goes with the value. Its path is short: socket addresses hold 107 bytes.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        self.path = "/tmp/qwp-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: self.path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }
}
