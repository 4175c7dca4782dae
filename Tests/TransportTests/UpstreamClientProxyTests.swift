// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(2)))
struct UpstreamClientProxyTests {
    private func client(_ environment: [String: String], hosts: String = "") throws -> UpstreamClient {
        try UpstreamClient(settings: .init(proxies: ProxyEnvironment(environment, hosts: { hosts })))
    }

    @Test func `this machine is asked directly, the rest of the world through the proxy`() async throws {
        let proxy = ScriptedServer { connection in
            while let request = connection.readRequest() { connection.answer(request.head) }
        }
        let server = ScriptedServer { $0.echo() }
        let client = try self.client([
            "http_proxy": "http://user:secret@127.0.0.1:\(proxy.port)", "no_proxy": "direct.invalid",
        ])
        for _ in 0..<2 {
            let direct = try await client.fetch(.post(server.url, [1]), limit: 1_000)
            #expect(direct.body == [1])
            let named = try await client.fetch(
                .post(server.url.replacing("127.0.0.1", with: "localhost"), [2]), limit: 1_000)
            #expect(named.body == [2])
            let far = try await client.fetch(.post("http://far.invalid/v1", [3]), limit: 1_000)
            #expect(String(decoding: far.body, as: UTF8.self).hasPrefix("POST http://far.invalid/v1 HTTP/1.1\r\n"))
        }
        #expect(await client.error("http://direct.invalid/") == .unresolvableHost("direct.invalid"))
        #expect(proxy.acceptedConnections == 1)
    }

    @Test func `libcurl reads no variable by itself`() async throws {
        let client = try self.client([:])
        #expect(await client.error("http://far.invalid/") == .unresolvableHost("far.invalid"))
    }

    @Test func `a proxy that refuses to connect is named, without its password`() async throws {
        let proxy = ScriptedServer { connection in
            guard connection.readHead() != nil else { return }
            connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nsecret")
        }
        let client = try self.client(["https_proxy": "http://user:secret@127.0.0.1:\(proxy.port)/"])
        #expect(
            await client.error("https://far.invalid/v1")
                == .proxyFailed(proxy: "127.0.0.1:\(proxy.port)", reason: "it answered 403 to CONNECT"))
    }

    @Test func `a proxy that does not listen, and one that does not exist`() async throws {
        let port = ScriptedServer.unusedPort()
        let absent = try self.client(["all_proxy": "http://user:secret@127.0.0.1:\(port)"])
        for url in ["https://far.invalid/", "http://far.invalid/"] {
            #expect(
                await absent.error(url)
                    == .proxyFailed(proxy: "127.0.0.1:\(port)", reason: "Connection refused"))
        }
        let unknown = try self.client(["all_proxy": "http://user:secret@proxy.invalid:3128"])
        #expect(
            await unknown.error("https://far.invalid/")
                == .proxyFailed(proxy: "proxy.invalid:3128", reason: "its name could not be resolved"))
    }

    @Test func `the upstream's own failure after a good tunnel is the upstream's`() async throws {
        let proxy = ScriptedServer { connection in
            guard connection.readHead() != nil else { return }
            connection.send("HTTP/1.1 200 Connected\r\n\r\n")
            _ = connection.read(1)
            connection.reset()
        }
        let client = try self.client(["https_proxy": "127.0.0.1:\(proxy.port)"])
        guard case .insecure(host: "far.invalid", _) = await client.error("https://far.invalid/") else {
            Issue.record("expected a failure of TLS")
            return
        }
    }
}
