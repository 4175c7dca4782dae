// SPDX-License-Identifier: Apache-2.0

import Testing
import Translation

@testable import Configuration
@testable import Credentials
@testable import Gateway
@testable import Knowledge

/// Which servers are asked about their models, and after what.
@Suite struct InspectionQueueTests {
    private static let local = "http://127.0.0.1:8080/v1"

    private static func configuration(_ baseURL: String, discovers: Bool = true) -> Configuration {
        var configuration = Configuration()
        configuration.mode = .open(baseURL: baseURL)
        configuration.upstream.baseURL = baseURL
        configuration.upstream.auth = .none
        configuration.upstream.discoversLimits = discovers
        return configuration
    }

    private static func candidate(
        _ configuration: Configuration, _ memory: UpstreamMemory,
    ) -> UpstreamCandidate {
        UpstreamCandidate(
            .init(upstream: configuration.defaultUpstream, model: "qwen3"), parameters: .init(), memory: memory,
            snapshot: .init(configuration: configuration, generation: 0))
    }

    @Test(arguments: [
        (Self.local, true), ("https://openrouter.ai/api/v1", true), ("https://api.example.com/v1", true),
        ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", false), ("https://portal.qwen.ai/v1", false),
        ("https://coding-intl.dashscope.aliyuncs.com/v1", false),
    ])
    func `servers of one's own and strangers are asked, Qwen's products are not`(_ baseURL: String, _ isAsked: Bool) {
        let entry = InspectionQueue.Entry(Self.configuration(baseURL).defaultUpstream, model: "qwen3")
        #expect((entry != nil) == isAsked)
        #expect(entry?.key.baseURL == (isAsked ? baseURL : nil))
    }

    @Test func `the demo is not asked`() {
        #expect(InspectionQueue.Entry(Configuration().defaultUpstream, model: "qwen3")?.key == nil)
    }

    @Test func `an answer makes a server worth asking, a failure does not`() {
        let memory = UpstreamMemory()
        let candidate = Self.candidate(Self.configuration(Self.local), memory)
        candidate.record(.failed)
        candidate.record(.abandoned)
        #expect(memory.inspections.next()?.key == nil)
        candidate.record(.answered)
        candidate.record(.answered)
        #expect(memory.inspections.next()?.model == "qwen3")
        #expect(memory.inspections.next()?.key == nil)
    }

    @Test func `nothing is asked when the user does not want it`() {
        let memory = UpstreamMemory()
        Self.candidate(Self.configuration(Self.local, discovers: false), memory).record(.answered)
        #expect(memory.inspections.next()?.key == nil)
    }

    @Test func `health says when a server came back`() {
        let health = UpstreamHealth(requestsPerMinute: nil)
        #expect(!health.record(.answered))
        #expect(!health.record(.failed))
        #expect(!health.record(.abandoned))
        #expect(health.record(.answered))
        #expect(!health.record(.answered))
    }
}
