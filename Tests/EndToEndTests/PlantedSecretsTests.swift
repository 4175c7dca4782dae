// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Secrets and words of a conversation are planted, every failure repeats them in every way that servers have, and every
/// output is searched for them.
@Suite struct PlantedSecretsTests {
    private static let key = "kZ7/planted+upstream=key~w9Qx"
    private static let localKey = "local/planted+key-for-clients"
    private static let access = "access/planted+token-4fG1"
    private static let refresh = "refresh/planted+token-8hJ2"
    private static let words = "the secret recipe of the planted conversation"
    private static let secrets = [Self.key, Self.localKey, Self.access, Self.refresh]

    /// How a server repeats what it was given.
    private static func echoes(_ secret: String) -> [String] {
        let encoded = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let escaped = secret.replacing("/", with: "\\/")
        let base64 = Data("Bearer \(secret)".utf8).base64EncodedString()
        return [
            secret, "\"\(secret)\"", "'\(secret)'", "[\(secret)]", "(\(secret))", "`\(secret)`", "<\(secret)>",
            "key=\(secret)", "key:\(secret)", "https://host/v1?key=\(secret)&x=1", encoded, encoded.lowercased(),
            escaped,
            base64, secret.uppercased(), "Bearer \(secret).", "{'Authorization': 'Bearer \(secret)'}",
            "\(secret.prefix(5))***\(secret.suffix(2))", "\(secret.prefix(9))...",
            "\(secret.prefix(8))…\(secret.suffix(4))",
            "****\(secret.suffix(4))",
        ]
    }

    /// What must be in no output: the secret in whatever spelling, and any part of eight characters.
    private static func traces(of secret: String) -> [String] {
        let encoded = secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let base64 = Data("Bearer \(secret)".utf8).base64EncodedString()
        return [secret.prefix(8), secret.suffix(8)].map { $0.lowercased() }
            + [encoded.prefix(14).lowercased(), secret.prefix(8).replacing("/", with: "\\/").lowercased()]
            + [base64.dropFirst(12).prefix(12).lowercased(), "\(secret.prefix(5))***".lowercased()]
            + ["****\(secret.suffix(4))".lowercased()]
    }

    private func expectNoSecret(in output: String, _ place: String) {
        let text = output.lowercased()
        for secret in Self.secrets {
            for trace in Self.traces(of: secret) {
                #expect(!text.contains(trace), "\(trace) is in \(place)")
            }
        }
    }

    private func expectNoWords(in output: String, _ place: String) {
        for words in ["secret recipe", "planted conversation", "upstream says"] {
            #expect(!output.contains(words), "\(words) is in \(place)")
        }
    }

    /// Statuses and codes of all categories, each with a message that repeats all there is.
    private static let refusals: [(status: Int, code: String?)] = [
        (401, "invalid_api_key"), (403, "Model.AccessDenied"), (404, "model_not_found"), (400, "Arrearage"),
        (400, "data_inspection_failed"), (400, nil), (422, nil), (429, "insufficient_quota"), (429, "limit_requests"),
        (413, nil), (500, "internal_error"), (503, "overloaded"), (504, nil), (418, nil),
    ]

    private static func script(_ bodies: [ScriptedReply]) -> ScriptedUpstream.Script {
        { request in bodies[request.number % bodies.count] }
    }

    private static func replies() -> [ScriptedReply] {
        let echoes = Self.echoes(Self.key) + [Self.localKey]
        var replies = echoes.map { echo in
            ScriptedReply.error(401, "The upstream says \(echo) is wrong; input_value='\(Self.words)'")
        }
        replies += Self.refusals.map { refusal in
            .error(
                refusal.status, "The upstream says no to \(Self.key): input_value='\(Self.words)'", code: refusal.code)
        }
        let detail: JSONValue = [
            "detail": [
                ["type": "string_type", "msg": .string("upstream says \(Self.words)"), "input": .string(Self.key)]
            ]
        ]
        replies += [
            .json(422, detail), .error(400, "upstream says no", code: Self.key), .error(400, "no", code: Self.words),
            .error(400, "no", type: Self.key),
            .body(500, "text/plain", Array("upstream says \(Self.key) \(Self.words)".utf8)),
            .eventStream("data: {\"error\":{\"message\":\"upstream says \(Self.key) \(Self.words)\"}}\n\n"),
            .eventStream(
                "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"error\":{\"message\":\"upstream says \(Self.key) \(Self.words)\"}}\n\n"
            ),
            .eventStream(
                "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"upstream says \(Self.words)\"}]}\n\ndata: [DONE]\n\n"
            ),
            .eventStream(
                "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"\(Self.key)\"}]}\n\ndata: [DONE]\n\n"
            ),
        ]
        return replies
    }

    @Test func `no output tells a secret, and none but the client's answer what the upstream said`() async throws {
        let replies = Self.replies()
        try await Gateway.run(
            environment: [
                "QWEN_API_KEY": Self.key, "QWEN_LOCAL_API_KEY": Self.localKey, "QWEN_LOG_LEVEL": "trace",
                "QWEN_MAX_RETRIES": "1", "QWEN_RETRY_DELAY": "1ms", "QWEN_FALLBACKS": "",
            ],
            script: Self.script(replies)
        ) { gateway in
            var answers: [String] = []
            let monitor = try ChildProcess(
                BuiltProducts.control, ["monitor", "--json", "--interval", "0.1", "--timeout", "60"],
                environment: gateway.daemon.environment)
            for number in 0..<replies.count {
                for isStreaming in [true, false] {
                    let reply = try await gateway.post(
                        [
                            "model": "claude-sonnet-5-5", "max_tokens": 9, "stream": .bool(isStreaming),
                            "messages": [["role": "user", "content": .string(Self.words)]],
                        ],
                        headers: ["x-api-key": Self.localKey])
                    answers.append(reply.text)
                }
                guard number % 10 == 0 else { continue }
                try await self.expectSilence(of: gateway.daemon)
            }
            for answer in answers { self.expectNoSecret(in: answer, "the client's answer") }
            // The upstream's words are the client's to read.
            #expect(answers.contains { $0.contains("upstream says") })
            try await self.expectSilence(of: gateway.daemon)
            let test = try await gateway.daemon.control("upstream", "test")
            self.expectNoSecret(in: test.output + test.errorOutput, "upstream test")
            _ = try await gateway.daemon.stop()
            // It ends with the daemon.
            let reports = try await monitor.outcome()
            #expect(reports.output.contains("\"live\""), "\(reports.errorOutput)")
            self.expectNoSecret(in: reports.output + reports.errorOutput, "monitor")
            self.expectNoWords(in: reports.output + reports.errorOutput, "monitor")
            self.expectNoSecret(in: gateway.daemon.log + gateway.daemon.output, "the log")
            self.expectNoWords(in: gateway.daemon.log, "the log")
            #expect(gateway.daemon.log.contains("data_inspection_failed"))
        }
    }

    private func expectSilence(of daemon: DaemonProcess) async throws {
        for command in [
            ["status", "--json"], ["status"], ["doctor", "--json", "--no-request"], ["config", "show", "--json"],
            ["upstream", "list", "--json"],
        ] {
            let outcome = try await ChildProcess.run(BuiltProducts.control, command, environment: daemon.environment)
            self.expectNoSecret(in: outcome.output + outcome.errorOutput, command.joined(separator: " "))
            self.expectNoWords(in: outcome.output + outcome.errorOutput, command.joined(separator: " "))
        }
    }

    @Test func `what the authorization server repeats is not told`() async throws {
        let replies = Self.echoes(Self.refresh).map {
            AuthorizationReply.error(503, "temporarily_unavailable", "The upstream says \($0) is bad")
        }
        try await Gateway.alone {
            let login = try await Login(expiry: nil, scripted: replies)
            try login.write(token: Self.access, refresh: Self.refresh, expiry: 3600)
            let daemon = try await login.daemon(["QWEN_LOG_LEVEL": "trace"])
            for _ in replies {
                let refreshed = try await daemon.control("token", "refresh")
                #expect(refreshed.status == 1)
                // Its words are for the person who asked.
                #expect(refreshed.errorOutput.contains("upstream says"), "\(refreshed.errorOutput)")
                self.expectNoSecret(in: refreshed.output + refreshed.errorOutput, "token refresh")
            }
            try await self.expectSilence(of: daemon)
            let dead = AuthorizationReply.error(400, "invalid_grant", "The upstream says \(Self.refresh) is dead")
            login.server.enqueue(dead)
            _ = try await daemon.control("token", "refresh")
            try await self.expectSilence(of: daemon)
            try await daemon.stop()
            self.expectNoSecret(in: daemon.log, "the log")
            self.expectNoWords(in: daemon.log, "the log")
            await login.stop()
        }
    }
}
