// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import TestSupport
import Testing

@testable import Server

@Suite struct RequestAssemblyTests {
    private func assembly(
        contentLength: Int?, limit: Int, coding: ContentCoding? = nil, budget: MemoryBudget = MemoryBudget(limit: .max),
    ) throws -> RequestAssembly {
        let headers = HTTPHeaders(contentLength.map { [("Content-Length", "\($0)")] } ?? [])
        let head = RequestHead(method: "POST", target: "/", headers: headers, isKeepAlive: true, isVersionZero: false)
        return RequestAssembly(
            head: head, target: try #require(RequestTarget("/")), id: "req_1", limit: limit, coding: coding,
            share: try #require(MemoryShare(budget, body: contentLength ?? 0)))
    }

    private func receive(_ bytes: [UInt8], by assembly: RequestAssembly) -> Bool {
        self.objection(to: bytes, by: assembly) == nil
    }

    private func objection(to bytes: [UInt8], by assembly: RequestAssembly) -> ProtocolRejection? {
        unsafe bytes.withUnsafeBytes { unsafe assembly.receive($0) }
    }

    @Test func `pieces become a body, up to the limit`() throws {
        let assembly = try self.assembly(contentLength: nil, limit: 5)
        #expect(self.receive([1, 2], by: assembly))
        #expect(self.receive([], by: assembly))
        #expect(self.receive([3, 4, 5], by: assembly))
        #expect(!self.receive([6], by: assembly))
        #expect(assembly.body == [1, 2, 3, 4, 5])
    }

    @Test func `a head that lies does not make us allocate`() throws {
        let assembly = try self.assembly(contentLength: 32 << 20, limit: 32 << 20)
        #expect(assembly.body.capacity < 128 << 10)
        #expect(self.receive([UInt8](repeating: 0, count: 70_000), by: assembly))
        #expect(assembly.body.capacity < 2 << 20)
    }

    @Test func `a compressed body is what it decompresses to, and the limit counts that`() throws {
        let body = [UInt8](repeating: 7, count: 100_000)
        let data = Compressed.bytes(body)
        let assembly = try self.assembly(contentLength: data.count, limit: 100_000, coding: .gzip)
        #expect(self.objection(to: data, by: assembly) == nil)
        #expect(assembly.finish() == nil)
        #expect(assembly.body == body)
        let small = try self.assembly(contentLength: data.count, limit: 99_999, coding: .gzip)
        #expect(self.objection(to: data, by: small) == .bodyTooLarge(limit: 99_999))
        #expect(small.body.count <= 99_999)
    }

    @Test func `what is not compressed as it says is malformed, and so is what ends too early`() throws {
        let garbage = try self.assembly(contentLength: nil, limit: 100, coding: .gzip)
        guard case .malformed = self.objection(to: Array("{\"model\":1}".utf8), by: garbage) else {
            Issue.record("garbage was taken")
            return
        }
        let cut = try self.assembly(contentLength: nil, limit: 100, coding: .gzip)
        #expect(self.objection(to: Compressed.bytes([1, 2, 3]).dropLast(), by: cut) == nil)
        guard case .malformed = cut.finish() else {
            Issue.record("half a body was taken")
            return
        }
    }

    @Test func `a body takes its share of the memory, and gives it back`() throws {
        let budget = MemoryBudget(limit: 1_000)
        var assembly: RequestAssembly? = try self.assembly(contentLength: nil, limit: 5_000, budget: budget)
        let other = try self.assembly(contentLength: 600, limit: 5_000, budget: budget)
        #expect(self.objection(to: [UInt8](repeating: 0, count: 400), by: try #require(assembly)) == nil)
        #expect(budget.used == 1_000)
        #expect(self.objection(to: [0], by: try #require(assembly)) == .outOfMemory)
        // What was announced was taken at once.
        #expect(self.objection(to: [UInt8](repeating: 0, count: 600), by: other) == nil)
        assembly = nil
        #expect(budget.used == 600)
    }

    @Test func `room grows with what came, and stops at what was announced`() {
        #expect(RequestAssembly.nextCapacity(needed: 100, declared: nil) == 200)
        #expect(RequestAssembly.nextCapacity(needed: 100, declared: 10_000) == 1600)
        #expect(RequestAssembly.nextCapacity(needed: 500, declared: 1000) == 1000)
        #expect(RequestAssembly.nextCapacity(needed: 500, declared: 10) == 500)
    }
}
