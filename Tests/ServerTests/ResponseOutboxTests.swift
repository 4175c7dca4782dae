// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import Server

@Suite struct ResponseOutboxTests {
    @Test func `many writes are one wake-up, until the batch was taken`() {
        var outbox = ResponseOutbox()
        #expect(outbox.needsWakeUp() == false)
        outbox.append([1, 2])
        #expect(outbox.needsWakeUp() == true)
        outbox.append([3])
        #expect(outbox.needsWakeUp() == false)
        #expect(outbox.count == 3)
        let batch = outbox.take()
        #expect(batch.bytes.map { Array(buffer: $0) } == [1, 2, 3])
        #expect(outbox.count == 0)
        #expect(outbox.needsWakeUp() == false)
        outbox.append([4])
        #expect(outbox.needsWakeUp() == true)
    }

    @Test func `operations keep their place among the bytes`() {
        var outbox = ResponseOutbox()
        outbox.append(.open(StreamOpening(preamble: [], keepAlive: [], interval: .seconds(1))))
        outbox.append([1])
        outbox.append([2])
        outbox.append(.finish)
        outbox.append([3])
        let batch = outbox.take()
        guard batch.operations.count == 3, case .open = batch.operations[0], case .finish = batch.operations[2],
            case .bytes(let first) = batch.operations[1]
        else {
            Issue.record("\(batch.operations)")
            return
        }
        #expect(Array(buffer: first) == [1, 2])
        #expect(batch.bytes.map { Array(buffer: $0) } == [3])
    }
}
