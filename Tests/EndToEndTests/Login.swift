// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A home with a login of the scripted authorization server in it, and what a daemon needs to use both.
struct Login: Sendable {
    static let fileName = ".qwen/oauth_creds.json"
    static let lockName = ".qwen/oauth_creds.lock"

    let home: TemporaryDirectory
    let server: ScriptedAuthorizationServer
    let upstream: ScriptedUpstream

    /// The upstream takes every token but `old`, as the portal does with one that has expired.
    static func upstream(refusing old: String? = nil) async throws -> ScriptedUpstream {
        let answer = Gateway.script(ModelTurn("Hi"))
        return try await ScriptedUpstream.start { request in
            // What the portal says (qwen-code's issues 3343 and 3435).
            guard let old, request.header("authorization") == "Bearer " + old else { return answer(request) }
            return .error(401, "invalid access token or token expired", code: "invalid_api_key")
        }
    }

    /// - Parameter expiry: of the token in the file, in seconds from now; nil writes no file.
    init(
        expiry: Double? = 3600, lifetime: Int = 21_600, scripted: [ScriptedReply] = [], refusing old: String? = nil,
        hold: Gate? = nil,
    ) async throws {
        self.home = try TemporaryDirectory("d")
        self.server = try await ScriptedAuthorizationServer.start(
            lifetime: lifetime, scripted: scripted, hold: hold)
        self.upstream = try await Self.upstream(refusing: old)
        try self.home.makeDirectory(".qwen")
        if let expiry { try self.write(expiry: expiry) }
    }

    func write(token: String = "access-0", refresh: String = "refresh-0", expiry: Double) throws {
        let text = """
            {
              "access_token": "\(token)",
              "refresh_token": "\(refresh)",
              "token_type": "Bearer",
              "resource_url": "portal.qwen.ai",
              "expiry_date": \(Int((Date().timeIntervalSince1970 + expiry) * 1000)),
              "a_key_of_tomorrow": {"kept": [1, true]}
            }
            """
        let temporary = try self.home.write(text, to: Self.fileName + ".tmp")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: temporary)
        guard unsafe rename(temporary, self.home.path(Self.fileName)) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    var environment: [String: String] {
        self.server.environment.merging([
            "QWEN_AUTH": "oauth", "QWEN_BASE_URL": self.upstream.baseURL, "QWEN_HOME": self.home.path(".qwen"),
            "QWEN_LOG_LEVEL": "debug", "QWEN_RETRY_DELAY": "50ms",
        ]) { $1 }
    }

    /// A daemon with a home of its own; the login is shared.
    func daemon(_ environment: [String: String] = [:]) async throws -> DaemonProcess {
        try await DaemonProcess.start(environment: self.environment.merging(environment) { $1 })
    }

    var file: JSONValue { self.home.text(Self.fileName).flatMap { try? JSONValue(parsing: $0) } ?? .null }
    var hasLock: Bool { FileManager.default.fileExists(atPath: self.home.path(Self.lockName)) }

    /// The tokens that requests came with, in order.
    var presented: [String] {
        self.upstream.requests.entries.map { String(($0.header("authorization") ?? "").dropFirst("Bearer ".count)) }
    }

    /// Asks again until the status says `state`; the daemon looks at things in its own time.
    func wait(for state: String, _ daemon: DaemonProcess) async throws -> JSONValue {
        let start = ContinuousClock.now
        while true {
            let status = try await daemon.control("status", "--json").output
            let credentials = (try? JSONValue(parsing: status))?["credentials"] ?? .null
            if credentials["state"]?.string == state { return credentials }
            guard ContinuousClock.now - start < .seconds(20) else {
                throw HTTPReplyError(description: "never \(state): \(status)\n\(daemon.log)")
            }
        }
    }

    /// What must be true at the end, whatever happened: the file can be used, is nobody else's to read, and no secret was
    /// told.
    func expectIntegrity(_ daemons: DaemonProcess...) throws -> Bool {
        let attributes = try FileManager.default.attributesOfItem(atPath: self.home.path(Self.fileName))
        let isPrivate = attributes[.posixPermissions] as? Int == 0o600
        let isWhole = self.file["access_token"]?.string != nil && self.file["refresh_token"]?.string != nil
        let isSecret = daemons.allSatisfy { !$0.log.contains("access-") && !$0.log.contains("refresh-") }
        return isPrivate && isWhole && isSecret
    }

    func stop() async {
        await self.server.stop()
        await self.upstream.stop()
    }
}
