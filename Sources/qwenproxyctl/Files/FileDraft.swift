// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A copy of a file to be edited, that can take the file's place in one step.
///
/// It lies beside the file, since only there a rename is atomic, and is readable by its owner only until then.
struct FileDraft {
    private let file: UserFile
    private let target: String
    private let mode: mode_t
    private let beginning: [UInt8]

    var path: String { self.file.path }

    /// - Parameter template: what a file that does not exist yet begins with.
    init(of file: String, template: String) throws(UserFile.Failure) {
        // What a link leads to is edited, and the link stays.
        let target = try UserFile(path: file).resolved().path
        let directory = target.lastIndex(of: "/").map { String(target[..<$0]) } ?? "."
        var information = stat()
        let exists = unsafe stat(target, &information) == 0
        self.target = target
        // A new one may hold a key.
        self.mode = exists ? information.st_mode & 0o777 : 0o600
        self.beginning = try UserFile(path: target).readIfPresent() ?? Array(template.utf8)
        // An editor chooses its colours by the end of the name.
        self.file = UserFile(path: "\(directory)/config.edit-\(getpid()).toml")
        try self.file.write(self.beginning)
    }

    func isChanged() throws(UserFile.Failure) -> Bool { try self.file.read() != self.beginning }

    func replaceOriginal() throws(UserFile.Failure) {
        // Before the rename: afterwards the file would have the wrong mode for a moment, or for good if we end there.
        guard unsafe chmod(self.path, self.mode) == 0 else { throw UserFile.Failure(self.target) }
        try self.file.move(to: self.target)
    }

    func remove() {
        // One that is left over does no harm.
        try? self.file.remove()
    }
}
