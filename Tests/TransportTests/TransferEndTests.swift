// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1)))
struct TransferEndTests {
    @Test func `an end that comes before it is waited for is not lost`() async {
        let end = TransferEnd()
        end.reached(.failure(.cancelled))
        let outcome = await withCheckedContinuation { end.wait($0) }
        #expect(throws: UpstreamError.cancelled) { try outcome.get() }
    }

    @Test func `whoever waits is told, once`() async {
        let end = TransferEnd()
        let outcome = await withCheckedContinuation { continuation in
            end.wait(continuation)
            end.reached(.success(()))
            end.reached(.failure(.stalled))
        }
        #expect(throws: Never.self) { try outcome.get() }
    }
}
