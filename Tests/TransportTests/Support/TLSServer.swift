// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `openssl s_server` with a certificate it made for `localhost` itself; it answers every request with a status page.
final class TLSServer: Sendable {
    static var isAvailable: Bool { unsafe access(Self.openssl, X_OK) == 0 }

    private static let openssl = "/usr/bin/openssl"

    let port = ScriptedServer.unusedPort()
    let certificate: String
    private let directory: URL
    private let server: SpawnedProgram
    /// It stays open to the end: the server must not write into a broken pipe.
    private let output = Pipe()

    /// Returns once the server listens.
    init() throws {
        self.directory = FileManager.default.temporaryDirectory.appending(path: "tls-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        let key = self.directory.appending(path: "key.pem").path
        self.certificate = self.directory.appending(path: "certificate.pem").path
        let generator = try SpawnedProgram(
            Self.openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                "-out", self.certificate, "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost",
            ])
        try #require(generator.wait() == 0)
        self.server = try SpawnedProgram(
            Self.openssl,
            [
                "s_server", "-accept", "127.0.0.1:\(self.port)", "-key", key, "-cert", self.certificate, "-www",
            ], output: .descriptor(self.output.fileHandleForWriting.fileDescriptor))
        // Without a writer of our own, the end of the server is the end of its output.
        try self.output.fileHandleForWriting.close()
        var text = ""
        var byte: UInt8 = 0
        let descriptor = self.output.fileHandleForReading.fileDescriptor
        while !text.hasSuffix("ACCEPT"), unsafe read(descriptor, &byte, 1) == 1 {
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
    }

    deinit {
        self.server.send(SIGTERM)
        self.server.wait()
        try? FileManager.default.removeItem(at: self.directory)
    }
}
