// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `openssl s_server` with a certificate it made for `localhost` itself; it answers every request with a status page.
final class TLSServer: Sendable {
    static var isAvailable: Bool { unsafe access(Self.openssl, X_OK) == 0 }

    private static let openssl = "/usr/bin/openssl"

    let port = ScriptedServer.unusedPort()
    let certificate: String
    private let directory: URL
    private let server: pid_t
    private let output: Int32

    /// Returns once the server listens.
    init() throws {
        self.directory = FileManager.default.temporaryDirectory.appending(path: "tls-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        let key = self.directory.appending(path: "key.pem").path
        self.certificate = self.directory.appending(path: "certificate.pem").path
        let generator = try Self.spawn([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
            "-out",
            self.certificate, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ])
        waitpid(generator.process, nil, 0)
        close(generator.output)
        let server = try Self.spawn([
            "s_server", "-accept", "127.0.0.1:\(self.port)", "-key", key, "-cert", self.certificate, "-www",
        ])
        self.server = server.process
        // It stays open to the end: the server must not write into a broken pipe.
        self.output = server.output
        var text = ""
        var byte: UInt8 = 0
        while !text.hasSuffix("ACCEPT"), unsafe read(server.output, &byte, 1) == 1 {
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
    }

    deinit {
        // Not SIGTERM: a child inherits the signal mask of the thread that starts it, and worker threads block that.
        kill(self.server, SIGKILL)
        waitpid(self.server, nil, 0)
        close(self.output)
        try? FileManager.default.removeItem(at: self.directory)
    }

    /// Starts openssl with its standard output in a pipe and nothing else attached.
    private static func spawn(_ arguments: [String]) throws -> (process: pid_t, output: Int32) {
        var pipes: [Int32] = [-1, -1]
        guard unsafe pipe(&pipes) == 0 else { throw POSIXError(.EMFILE) }
        let (output, input) = (pipes[0], pipes[1])
        defer { close(input) }
        for end in pipes { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var words = unsafe ([self.openssl] + arguments).map { unsafe strdup($0) } + [nil]
        defer { for index in unsafe words.indices { unsafe free(words[index]) } }
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, self.openssl, &actions, nil, &words, nil)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
        return (process, output)
    }
}
