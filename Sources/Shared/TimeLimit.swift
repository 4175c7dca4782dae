// SPDX-License-Identifier: Apache-2.0

/// What `work` gives, or nil when it takes longer than `limit`; it is then cancelled, and waited for.
@discardableResult
public func withTimeLimit<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async -> Value,
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await work() }
        group.addTask {
            // A sleep that is cancelled ends early: then `work` has come first, and this result is not looked at.
            try? await Task.sleep(for: limit)
            return nil
        }
        // The group waits for both tasks at its end.
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}
