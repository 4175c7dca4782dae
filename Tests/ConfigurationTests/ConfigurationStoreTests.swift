// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct ConfigurationStoreTests {
    let scratch = Scratch()

    @Test func `a reload replaces the whole, and names what needs a restart`() throws {
        let loader = try self.scratch.loader("[server]\nport = 1")
        let store = ConfigurationStore(try loader.load())
        try self.scratch.write("[server]\nport = 2\n[retry]\nmax_retries = 9")
        #expect(try store.reload(from: loader) == ["server.port"])
        #expect(store.current.server.port == 2)
        #expect(store.current.retry.maxRetries == 9)
        #expect(store.snapshot.generation == 1)
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
