// SPDX-License-Identifier: Apache-2.0

/// `config.d`, or the directory above it, as far as this program writes there. The user's own files are never touched.
struct DropInDirectory {
    let path: String

    init(path: String) { self.path = path }

    /// - Parameter configuration: the directory of `config.toml`.
    init(of configuration: String) {
        self.path = "\(configuration)/config.d"
    }

    func file(_ name: String) -> String { "\(self.path)/\(name)" }

    /// Nil when there is no such file.
    func read(_ name: String) throws(UserFile.Failure) -> String? {
        try UserFile(path: self.file(name)).readIfPresent().map { String(decoding: $0, as: UTF8.self) }
    }

    /// Puts `text` in the file's place in one step, readable by its owner only where it is new; nil removes the file.
    func write(_ text: String?, to name: String) throws(UserFile.Failure) {
        guard let text else { return try UserFile(path: self.file(name)).remove() }
        try UserFile(path: self.file(name)).replace(with: Array(text.utf8))
    }
}
