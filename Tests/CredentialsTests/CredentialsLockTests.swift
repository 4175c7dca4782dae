// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Credentials

@Suite struct CredentialsLockTests {
    let directory: TemporaryDirectory
    private var path: String { self.directory.path + "/oauth_creds.lock" }

    init() throws {
        self.directory = try TemporaryDirectory("c")
    }

    private func content() -> String? {
        FileManager.default.contents(atPath: self.path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func age(_ name: String, by seconds: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: self.directory.path + "/" + name)
    }

    @Test func `it is a file with a UUID that is there for as long as the work takes`() async throws {
        let path = self.path
        let identifier = try await CredentialsLock.held(at: path) { _ in
            String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        }
        #expect(UUID(uuidString: identifier) != nil)
        #expect(self.content() == nil)
    }

    @Test func `one at a time`() async throws {
        let occupancy = Occupancy()
        try await withThrowingTaskGroup { group in
            for _ in 0..<6 {
                group.addTask { [path = self.path] in
                    try await CredentialsLock.held(at: path) { _ in
                        occupancy.enter()
                        try? await Task.sleep(for: .milliseconds(5))
                        occupancy.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(occupancy.most == 1)
    }

    @Test func `a left-over lock is taken away, and leaves nothing behind`() async throws {
        try self.directory.write("0b5c", to: "oauth_creds.lock")
        try self.age("oauth_creds.lock", by: 11)
        let start = ContinuousClock.now
        try await CredentialsLock.held(at: self.path) { _ in }
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.directory.path) == [])
    }

    @Test func `another program's lock is not removed at the end`() async throws {
        let directory = self.directory
        try await CredentialsLock.held(at: self.path) { _ in
            // As if we had slept for long and another program had taken ours for left over.
            try? directory.replace("oauth_creds.lock", with: "theirs")
        }
        #expect(self.content() == "theirs")
    }

    @Test func `while the work goes on the lock is touched`() async throws {
        let (path, directory) = (self.path, self.directory)
        let isFresh = try await CredentialsLock.held(at: path) { lock in
            await lock.alive(touching: .milliseconds(10)) {
                for _ in 0..<200 {
                    try? FileManager.default.setAttributes(
                        [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: path)
                    try? await Task.sleep(for: .milliseconds(20))
                    let date = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
                    if let date, date.timeIntervalSinceNow > -30 { return true }
                }
                return false
            }
        }
        #expect(isFresh)
        withExtendedLifetime(directory) {}
    }

    @Test func `without a directory there is no lock`() async throws {
        await #expect(
            throws: CredentialsLock.Failure.system(
                path: self.path + "/x", operation: "creating", errno: ENOENT)
        ) {
            try await CredentialsLock.held(at: self.path + "/x") { _ in }
        }
    }
}

/// Counts the tasks that hold the lock.
private final class Occupancy: Sendable {
    private let counts = Mutex((inside: 0, most: 0))

    var most: Int { self.counts.withLock { $0.most } }

    func enter() {
        self.counts.withLock { counts in
            counts.inside += 1
            counts.most = max(counts.most, counts.inside)
        }
    }

    func leave() { self.counts.withLock { $0.inside -= 1 } }
}
