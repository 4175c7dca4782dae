// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// Recordings with random damage: bytes changed, removed and repeated, events lost and sent twice.
@Suite struct DamagedStreamTests {
    @Test(arguments: StreamSample.all)
    func `whatever comes, the events keep their order and no call ends broken`(_ sample: StreamSample) {
        var random = SplitMix(state: UInt64(sample.body.utf8.count))
        for _ in share(of: 0..<40) {
            let body = Self.damaged(Array(sample.body.utf8), using: &random)
            let whole = translate(body, context: sample.context)
            let problems = whole.sink.violations
            #expect(problems == [], "\(String(decoding: body, as: UTF8.self))")
            #expect(whole.outcome != .streaming)
            let cut = Int.random(in: 0...body.count, using: &random)
            let pieces = translate(body, context: sample.context, cuts: [cut])
            #expect(pieces.sink == whole.sink && pieces.outcome == whole.outcome, "cut at \(cut)")
        }
    }

    static func damaged(_ body: [UInt8], using random: inout some RandomNumberGenerator) -> [UInt8] {
        var body = body
        for _ in 0..<Int.random(in: 1...3, using: &random) where body.count > 1 {
            let start = Int.random(in: 0..<body.count, using: &random)
            let end = min(start + Int.random(in: 1...40, using: &random), body.count)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: body[start] = UInt8.random(in: 0...255, using: &random)
            case 1: body.removeSubrange(start..<end)
            case 2: body.insert(contentsOf: body[start..<end], at: Int.random(in: 0...body.count, using: &random))
            case 3: body[start] = Array("{}[]\"\\,:<>/n0".utf8).randomElement(using: &random) ?? 0
            default:
                var events = body.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
                events.swapAt(
                    Int.random(in: 0..<events.count, using: &random), Int.random(in: 0..<events.count, using: &random))
                body = Array(events.joined(separator: [0x0A]))
            }
        }
        return body
    }
}
