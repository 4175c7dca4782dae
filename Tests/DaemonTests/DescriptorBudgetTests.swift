// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Server
@testable import qwenproxyd

@Suite struct DescriptorBudgetTests {
    @Test(arguments: [4, 16, 64, 256, 1024, 8192, 1 << 20])
    func `clients and upstreams leave a reserve`(limit: Int) {
        let budget = DescriptorBudget(limit: limit)
        #expect(budget.connections >= 1)
        #expect(budget.idleUpstreamConnections >= 1)
        let most = budget.connections + max(budget.connections, budget.idleUpstreamConnections)
        #expect(most <= max(2, limit - min(96, limit / 2)))
    }

    @Test func `the usual limit is enough for all`() {
        #expect(DescriptorBudget(limit: 8_192 + 96).connections == 4_096)
        #expect(DescriptorBudget(limit: 8_192).connections == 4_048)
        #expect(DescriptorBudget(limit: 8_192).idleUpstreamConnections == 1_024)
    }

    @Test func `users are looked up, and those that do not exist are named`() {
        var unknown: [String] = []
        let policy = PeerPolicy(["root", "@root", "12345", "nobody-of-this-name", "@nothing-here"], owner: 1_000) {
            unknown.append($0)
        }
        #expect(policy == PeerPolicy(owner: 1_000, users: [0, 12_345], groups: [0]))
        #expect(unknown == ["nobody-of-this-name", "@nothing-here"])
        #expect(PeerPolicy(["alice", "*"], owner: 1_000, unknown: { _ in }) == .everybody)
    }
}
