// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Testing

@testable import Server

@Suite struct RequestAssemblyTests {
    private func assembly(contentLength: Int?, limit: Int) throws -> RequestAssembly {
        let headers = HTTPHeaders(contentLength.map { [("Content-Length", "\($0)")] } ?? [])
        let head = RequestHead(method: "POST", target: "/", headers: headers, isKeepAlive: true, isVersionZero: false)
        return RequestAssembly(head: head, target: try #require(RequestTarget("/")), id: "req_1", limit: limit)
    }

    private func receive(_ bytes: [UInt8], by assembly: RequestAssembly) -> Bool {
        unsafe bytes.withUnsafeBytes { unsafe assembly.receive($0) }
    }

    @Test func `pieces become a body, up to the limit`() throws {
        let assembly = try self.assembly(contentLength: nil, limit: 5)
        #expect(self.receive([1, 2], by: assembly))
        #expect(self.receive([], by: assembly))
        #expect(self.receive([3, 4, 5], by: assembly))
        #expect(!self.receive([6], by: assembly))
        #expect(assembly.request.body == [1, 2, 3, 4, 5])
    }

    @Test func `a head that lies does not make us allocate`() throws {
        let assembly = try self.assembly(contentLength: 32 << 20, limit: 32 << 20)
        #expect(assembly.request.body.capacity < 128 << 10)
        #expect(self.receive([UInt8](repeating: 0, count: 70_000), by: assembly))
        #expect(assembly.request.body.capacity < 2 << 20)
    }

    @Test func `room grows with what came, and stops at what was announced`() {
        #expect(RequestAssembly.nextCapacity(needed: 100, declared: nil) == 200)
        #expect(RequestAssembly.nextCapacity(needed: 100, declared: 10_000) == 1600)
        #expect(RequestAssembly.nextCapacity(needed: 500, declared: 1000) == 1000)
        #expect(RequestAssembly.nextCapacity(needed: 500, declared: 10) == 500)
    }
}
