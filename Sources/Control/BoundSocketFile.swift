// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The socket file this process made; removed with this value.
struct BoundSocketFile: ~Copyable, Sendable {
    let path: String
    private let device: dev_t
    private let inode: ino_t
    private var isKept = false

    init(path: String) throws(ControlSocketError) {
        var information = stat()
        guard unsafe lstat(path, &information) == 0 else { throw .system(call: "lstat", path: path, code: errno) }
        self.path = path
        self.device = information.st_dev
        self.inode = information.st_ino
    }

    /// The file is another process's from now on.
    mutating func keep() { self.isKept = true }

    deinit {
        guard !self.isKept else { return }
        // Our listener may be closed already, and the next daemon may have put its own file here. It does so under the
        // directory's lock, so under the lock we can tell; when the lock is taken, the file is about to be replaced.
        guard let lock = try? ControlSocketDirectory(containing: self.path) else { return }
        var information = stat()
        guard unsafe lstat(self.path, &information) == 0, information.st_dev == self.device,
            information.st_ino == self.inode
        else { return }
        _ = unsafe unlink(self.path)
        _ = consume lock
    }
}
