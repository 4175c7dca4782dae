// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `openssl s_server` with a certificate it made for `localhost` itself; it answers every request with a status page.
final class TLSServer: Sendable {
    static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: Self.openssl) }

    let port = ScriptedServer.unusedPort()
    let certificate: String
    private let directory: URL
    private let server: Process

    private static let openssl = "/usr/bin/openssl"

    /// Returns once the server listens.
    init() throws {
        self.directory = FileManager.default.temporaryDirectory.appending(path: "tls-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        let key = self.directory.appending(path: "key.pem").path
        self.certificate = self.directory.appending(path: "certificate.pem").path
        let generator = Self.process([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
            "-out",
            self.certificate, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ])
        try generator.run()
        generator.waitUntilExit()
        self.server = Self.process([
            "s_server", "-accept", "127.0.0.1:\(self.port)", "-key", key, "-cert", self.certificate, "-www",
        ])
        let output = Pipe()
        self.server.standardOutput = output
        try self.server.run()
        // It says ACCEPT when it listens.
        var text = ""
        while !text.contains("ACCEPT") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
        }
    }

    deinit {
        // A child inherits the signal mask of the thread that starts it, and worker threads block SIGTERM.
        kill(self.server.processIdentifier, SIGKILL)
        self.server.waitUntilExit()
        try? FileManager.default.removeItem(at: self.directory)
    }

    private static func process(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: self.openssl)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }
}
