// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct ConfigurationStoreTests {
    let scratch = Scratch()

    @Test func `a reload replaces the whole but what needs a restart, and says so until there was one`() throws {
        let loader = try self.scratch.loader("[server]\nport = 1")
        let store = ConfigurationStore(try loader.load())
        let file = self.scratch.path + "/config.toml"
        try self.scratch.write("[server]\nport = 2\n[retry]\nmax_retries = 9")
        let pending = PendingSetting(
            setting: EffectiveSetting(key: "server.port", value: "2", source: .file(file, line: 2)),
            obstacle: .restart)
        let first = try store.reload(from: loader)
        #expect(first.changed == ["retry.max_retries"])
        #expect(first.pending == [pending])
        // The next ones find nothing new, and it is still not in force.
        let second = try store.reload(from: loader)
        #expect(second.changed == [])
        #expect(second.pending == [pending])
        #expect(store.pending == [pending])
        #expect(store.current.server.port == 1)
        #expect(store.current.retry.maxRetries == 9)
        #expect(store.snapshot.generation == 2)
        let inForce = store.current.describe().first { $0.key == "server.port" }
        #expect(inForce == EffectiveSetting(key: "server.port", value: "1", source: .file(file, line: 2)))
        // Taken back, there is nothing to wait for.
        try self.scratch.write("[server]\nport = 1")
        #expect(try store.reload(from: loader).pending == [])
    }

    @Test(arguments: Setting.all.filter { $0.effect == .restart }.map(\.key))
    func `every setting that needs a restart keeps its value`(key: String) throws {
        let values = [
            "server.host": "\"::1\"", "server.port": "7", "server.allowed_hosts": "[\"a\"]",
            "server.max_body_bytes": "2048", "server.max_buffered_bytes": "1073741824", "server.event_loops": "2",
            "server.allowed_users": "[\"root\"]", "control.socket": "\"/x\"",
            "upstream.ca_file": "\"\(try self.scratch.write("", to: "ca"))\"",
        ]
        let value = try #require(values[key], "name a value for \(key)")
        let loader = try self.scratch.loader("")
        let store = ConfigurationStore(try loader.load())
        let before = store.current.describe()
        let parts = key.split(separator: ".")
        try self.scratch.write("[\(parts[0])]\n\(parts[1]) = \(value)")
        let reload = try store.reload(from: loader)
        #expect(reload.pending.map(\.setting.key) == [key])
        #expect(reload.changed == [])
        #expect(store.current.describe() == before)
    }

    @Test func `a new key is a change, wherever it is kept, and one that is gone as well`() throws {
        let key = try self.scratch.write("sk-first", to: "key")
        func configuration(_ local: String, _ header: String, _ upstream: String) -> String {
            """
            [server]
            local_api_key = "\(local)"
            [upstream]
            base_url = "openrouter"
            api_key_file = "\(key)"
            headers = { X-Key = "\(header)" }
            \(upstream)
            """
        }
        let upstream = "[upstreams.box]\nbase_url = \"https://a.b/v1\"\napi_key = \"sk-box\""
        let loader = try self.scratch.loader(configuration("a", "b", upstream))
        let store = ConfigurationStore(try loader.load())
        #expect(try store.reload(from: loader).changed == [])
        try self.scratch.write("sk-second", to: "key")
        #expect(try store.reload(from: loader).changed == ["upstream.api_key"])
        try self.scratch.write(configuration("c", "d", upstream.replacing("sk-box", with: "sk-new")))
        #expect(
            try store.reload(from: loader).changed
                == ["server.local_api_key", "upstream.headers.X-Key", "upstreams.box.api_key"])
        try self.scratch.write(configuration("c", "d", ""))
        #expect(try store.reload(from: loader).changed == ["upstreams.box.base_url", "upstreams.box.api_key"])
    }

    @Test func `where the service manager listens is in force, whatever the settings say`() throws {
        let loader = try self.scratch.loader("")
        let store = ConfigurationStore(try loader.load())
        store.adopted(http: ("127.0.0.1", 4000), control: nil, publicAddress: nil)
        // A default contradicts no other setting.
        #expect(store.pending == [])
        #expect(store.current.server.port == 4000)
        try self.scratch.write("[server]\nport = 3999")
        let reload = try store.reload(from: loader)
        #expect(reload.changed == [])
        #expect(reload.pending.map(\.setting.value) == ["3999"])
        #expect(reload.pending.map(\.obstacle) == [.socketUnit])
        let described = store.current.describe().filter { $0.key == "server.port" }.map(\.description)
        #expect(described == ["server.port = 4000  # the socket unit"])
    }

    @Test func `the local key stays as long as a socket is open to other machines`() throws {
        let key = "[server]\nlocal_api_key = \"local\"\n"
        let loader = try self.scratch.loader(key)
        let store = ConfigurationStore(try loader.load())
        store.adopted(http: ("127.0.0.1", 4000), control: nil, publicAddress: "0.0.0.0:4001")
        try self.scratch.write("[retry]\nmax_retries = 9")
        let error = #expect(throws: ConfigurationError.self) { try store.reload(from: loader) }
        #expect(error?.description.hasPrefix("server.local_api_key: other machines could use") == true)
        #expect(error?.description.contains("0.0.0.0:4001") == true)
        #expect(store.current.server.localAPIKey != nil)
        #expect(store.current.retry.maxRetries != 9)
        // Another key is as good, and so is no key where no other machine comes.
        try self.scratch.write("[server]\nlocal_api_key = \"other\"")
        #expect(try store.reload(from: loader).changed == ["server.local_api_key"])
        store.adopted(http: ("127.0.0.1", 4000), control: nil, publicAddress: nil)
        try self.scratch.write("")
        #expect(try store.reload(from: loader).changed == ["server.local_api_key"])
    }

    @Test func `a reload with a mistake changes nothing`() throws {
        let loader = try self.scratch.loader("[server]\nport = 1")
        let store = ConfigurationStore(try loader.load())
        try self.scratch.write("[server]\nport = 2\nnonsense = 1")
        #expect(throws: ConfigurationError.self) { try store.reload(from: loader) }
        #expect(store.current.server.port == 1)
        #expect(store.snapshot.generation == 0)
    }
}
