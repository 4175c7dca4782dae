// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What the connections of one scripted upstream share: the numbering, the script and the journals. Connections can be
/// accepted before `start` has returned, so the journals are made here.
final class ScriptRecorder: Sendable {
    private struct Numbers {
        var connections = 0
        var requests = 0
    }

    let script: ScriptedUpstream.Script
    let floodedByteCount = Atomic(0)
    let requests = Journal<CapturedRequest>()
    let disconnections = Journal<ScriptedUpstream.Disconnection>()
    let connections = Journal<Int>()
    private let numbers = Mutex(Numbers())

    init(script: @escaping ScriptedUpstream.Script) {
        self.script = script
    }

    func connectionAccepted() -> Int {
        let number = self.numbers.withLock { numbers in
            numbers.connections += 1
            return numbers.connections
        }
        self.connections.append(number)
        return number
    }

    func nextRequestNumber() -> Int {
        self.numbers.withLock { numbers in
            numbers.requests += 1
            return numbers.requests
        }
    }
}
