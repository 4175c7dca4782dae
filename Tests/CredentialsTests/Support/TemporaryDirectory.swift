// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A directory of a test's own, gone when the test is.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        // The real path: the watcher's plan goes through every directory from the root on.
        self.path =
            URL(filePath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
            + "/qwenproxyd-credentials-" + UUID().uuidString
        self.makeDirectory("")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
    }

    func makeDirectory(_ name: String) {
        try? FileManager.default.createDirectory(atPath: self.path + "/" + name, withIntermediateDirectories: true)
    }

    /// In place: the same file gets other content.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: self.path + "/" + name))
    }

    /// By renaming, as `qwen` does it.
    func replace(_ name: String, with text: String) throws {
        try self.write(text, to: name + ".tmp")
        try self.move(name + ".tmp", to: name)
    }

    func move(_ name: String, to newName: String) throws {
        struct RenameFailed: Error {}
        guard unsafe rename(self.path + "/" + name, self.path + "/" + newName) == 0 else { throw RenameFailed() }
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: self.path + "/" + name)
    }
}
