// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

/// What is left of a configuration with mistakes.
@Suite struct MistakenConfigurationTests {
    let scratch = Scratch()

    private func read(_ file: String, environment: [String: String] = [:]) throws -> Configuration {
        try self.scratch.loader(file, environment: environment).read()
    }

    @Test func `the address to listen on stays, the upstreams do not`() throws {
        let configuration = try self.read(
            """
            [server]
            port = 4001
            local_api_key = "sesame"
            event_loops = 99
            [upstream]
            base_url = "https://example.com/v1"
            api_key = "sk-x"
            [upstreams.work]
            base_url = "https://example.com/v1"
            [[routes]]
            model = "*"
            to = "work"
            """)
        #expect(configuration.mistakes.map(\.description).contains { $0.contains(":4: server.event_loops") })
        #expect(configuration.server.port == 4001 && configuration.server.eventLoops == 1)
        #expect(configuration.server.localAPIKey?.reveal() == "sesame")
        #expect(configuration.upstream.apiKey == nil && configuration.upstream.baseURL == nil)
        #expect(configuration.entries.isEmpty && configuration.namedUpstreams.isEmpty && configuration.rules.isEmpty)
        #expect(configuration.mode == .demo)
    }

    @Test(arguments: [
        "[server]\nhost = \"0.0.0.0\"\n", "[server]\nhost = \"0.0.0.0\"\nlocal_api_key = \"sesame\"\nport = \"x\"\n",
        "[server]\nhost = \"example.com\"\nprot = 1\n", "host = = 0.0.0.0",
    ])
    func `no other machine is listened to`(file: String) throws {
        let configuration = try self.read(file)
        #expect(!configuration.mistakes.isEmpty)
        #expect(configuration.server.host == "127.0.0.1" && configuration.server.port == 3455)
    }

    @Test func `a control socket with too long a path is where it usually is`() throws {
        let path = "/" + String(repeating: "s", count: 107)
        let configuration = try self.read("", environment: ["QWEN_CONTROL_SOCKET": path])
        #expect(configuration.mistakes.count == 1)
        #expect(configuration.control.socket.hasSuffix("/qwenproxyd/control.sock"))
    }

    @Test func `a store takes mistakes in the place of mistakes only`() throws {
        let store = ConfigurationStore(try self.read("[server]\nprot = 1\n"))
        #expect(throws: ConfigurationError.self) {
            try store.reload(from: self.scratch.loader("[server]\nhots = 1\n"))
        }
        #expect(store.current.mistakes.map(\.key) == ["server.hots"])
        try store.reload(from: self.scratch.loader("[retry]\nmax_retries = 7\n"))
        #expect(store.current.mistakes.isEmpty && store.current.retry.maxRetries == 7)
        #expect(throws: ConfigurationError.self) {
            try store.reload(from: self.scratch.loader("[server]\nprot = 1\n"))
        }
        #expect(store.current.mistakes.isEmpty && store.current.retry.maxRetries == 7)
    }
}
