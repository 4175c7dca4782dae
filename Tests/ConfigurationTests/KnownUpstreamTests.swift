// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import Configuration

/// What `qwenproxyctl setup` offers is what the daemon knows.
@Suite struct KnownUpstreamTests {
    @Test func `every preset is offered, under its title, with its address and its variable`() throws {
        #expect(Set(KnownUpstream.all.map(\.name)) == Set(Preset.all.map(\.name)))
        for preset in Preset.all {
            let known = try #require(KnownUpstream.named(preset.name))
            #expect(known.title == preset.title)
            #expect(known.baseURL == preset.baseURL)
            #expect(known.keyVariable == preset.keyVariable)
        }
        #expect(KnownUpstream.regions == Preset.regions)
    }
}
