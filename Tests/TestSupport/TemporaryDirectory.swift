// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A directory of its own for one test, removed with the last reference.
public final class TemporaryDirectory: Sendable {
    public let path: String

    /// Short names: a Unix socket's path has to fit into 107 bytes.
    public init(_ label: String = "t") throws {
        let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        let name = "qp-\(label)-" + String(UInt64.random(in: 0..<(1 << 40)), radix: 36)
        self.path = base + (base.hasSuffix("/") ? "" : "/") + name
        try FileManager.default.createDirectory(
            atPath: self.path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700],
        )
    }

    deinit {
        // A leftover directory is untidy, not wrong; a test must not fail for it.
        try? FileManager.default.removeItem(atPath: self.path)
    }

    public func path(_ name: String) -> String { self.path + "/" + name }

    /// Makes a directory inside, with those on the way, and returns its path.
    @discardableResult
    public func makeDirectory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: self.path(name), withIntermediateDirectories: true)
        return self.path(name)
    }

    /// In place: a file that is there gets other content.
    @discardableResult
    public func write(_ content: some DataProtocol, to name: String) throws -> String {
        try Data(content).write(to: URL(fileURLWithPath: self.path(name)))
        return self.path(name)
    }

    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        try self.write(Data(text.utf8), to: name)
    }

    /// Like `write`, but by renaming, as `qwen` does it.
    public func replace(_ name: String, with text: String) throws {
        try self.write(text, to: name + ".tmp")
        try self.move(name + ".tmp", to: name)
    }

    /// Also over what is there.
    public func move(_ name: String, to newName: String) throws {
        struct RenameFailed: Error {}
        guard unsafe rename(self.path(name), self.path(newName)) == 0 else { throw RenameFailed() }
    }

    public func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: self.path(name))
    }

    /// The file's text, or nil when there is none.
    public func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: self.path(name)).map { String(decoding: $0, as: UTF8.self) }
    }
}
