// SPDX-License-Identifier: Apache-2.0

/// Something did not happen in time.
public struct DeadlineExceeded: Error, Sendable, CustomStringConvertible {
    public var what: String
    public var limit: Duration
    public var description: String { "no \(self.what) within \(self.limit)" }
}

/// Runs `work` and throws when it takes longer than `limit`. The limit is a safety net for a broken build, not a pause:
/// a passing test never waits for it.
public func withDeadline<Value: Sendable>(
    _ limit: Duration,
    waitingFor what: String,
    _ work: @escaping @Sendable () async throws -> Value,
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw DeadlineExceeded(what: what, limit: limit)
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}
