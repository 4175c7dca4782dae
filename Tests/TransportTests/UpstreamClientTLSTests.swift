// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1)), .enabled(if: TLSServer.isAvailable))
struct UpstreamClientTLSTests {
    private func error(of url: String, certificateAuthorities: String?) async throws -> UpstreamError? {
        var settings = UpstreamClient.Settings()
        settings.certificateAuthorities = certificateAuthorities
        let client = try UpstreamClient(settings: settings)
        do {
            let response = try await client.fetch(.get(url), limit: 1 << 20)
            #expect(response.head.status == 200)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a certificate without a trusted issuer is refused`() async throws {
        let server = try TLSServer()
        let url = "https://localhost:\(server.port)/"
        guard
            case .insecure(host: "localhost:\(server.port)", let reason) = try await self.error(
                of: url, certificateAuthorities: nil)
        else {
            Issue.record("expected a refusal")
            return
        }
        #expect(!reason.isEmpty)
        // The same server is fine once its certificate is trusted, so it was that and nothing else.
        #expect(try await self.error(of: url, certificateAuthorities: server.certificate) == nil)
    }

    @Test func `a certificate for another name is refused`() async throws {
        let server = try TLSServer()
        guard
            case .insecure = try await self.error(
                of: "https://127.0.0.1:\(server.port)/", certificateAuthorities: server.certificate)
        else {
            Issue.record("expected a refusal")
            return
        }
    }

    @Test func `an upstream that speaks no TLS is refused`() async throws {
        let server = ScriptedServer { connection in connection.send("HTTP/1.1 200 OK\r\n\r\n") }
        guard
            case .insecure = try await self.error(of: "https://127.0.0.1:\(server.port)/", certificateAuthorities: nil)
        else {
            Issue.record("expected a refusal")
            return
        }
    }
}
