// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

@testable import qwenproxyd

@Suite struct UsageFileTests {
    private let directory: TemporaryDirectory

    init() throws { self.directory = try TemporaryDirectory("usage") }

    private var file: UsageFile { UsageFile(directory: self.directory.path("new/state")) }
    private var path: String { self.directory.path("new/state/usage.json") }

    private static func report(_ requests: Int, on date: String = "2027-01-31") -> UsageReport {
        var report = UsageReport(today: date)
        report.add([ModelTotals(upstream: "a", model: "m", requests: requests)], on: date)
        return report
    }

    @Test func `each adds to what the others have written, and only the owner can read it`() throws {
        #expect(self.file.read().days.isEmpty)
        try self.file.add(Self.report(1))
        try self.file.add(Self.report(2))
        try self.file.add(Self.report(4, on: "2027-02-01"))
        #expect(self.file.read().days.map { $0.models.map(\.requests) } == [[4], [3]])
        #expect(self.file.read().today == "2027-02-01")
        let attributes = try FileManager.default.attributesOfItem(atPath: self.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `one that writes at the same time is waited for`() throws {
        try self.file.add(Self.report(1))
        let lock = unsafe open("\(self.path).lock", O_RDWR)
        #expect(flock(lock, LOCK_EX) == 0)
        #expect(throws: UsageFile.Failure.busy) { try self.file.add(Self.report(1)) }
        close(lock)
        try self.file.add(Self.report(1))
        #expect(self.file.read().days[0].models[0].requests == 2)
    }

    @Test(arguments: ["", "{", "[]", "{\"today\":1}", "{\"today\":\"\",\"days\":[{}]}"])
    func `a damaged file counts as none`(text: String) throws {
        try self.file.add(Self.report(1))
        try text.write(toFile: self.path, atomically: true, encoding: .utf8)
        #expect(self.file.read().days.isEmpty)
        try self.file.add(Self.report(5))
        #expect(self.file.read().days[0].models[0].requests == 5)
    }

    @Test func `what cannot be written is told`() throws {
        try self.directory.write("a file", to: "new")
        #expect(throws: UsageFile.Failure.self) { try self.file.add(Self.report(1)) }
    }
}
