// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@Suite struct NameSuggestionTests {
    @Test func `a typing mistake costs one, a swap too`() {
        #expect(NameSuggestion.distance("port", "port") == 0)
        #expect(NameSuggestion.distance("port", "prot") == 1)
        #expect(NameSuggestion.distance("port", "por") == 1)
        #expect(NameSuggestion.distance("", "abc") == 3)
        #expect(NameSuggestion.distance("abc", "") == 3)
    }

    @Test func `what is too far away is not suggested`() {
        #expect(NameSuggestion.nearest(to: "server.prot", among: ["server.port", "server.host"]) == "server.port")
        #expect(NameSuggestion.nearest(to: "xyz", among: ["server.port"]) == nil)
        #expect(NameSuggestion.nearest(to: "", among: ["a"]) == "a")
        #expect(NameSuggestion.nearest(to: "abc", among: []) == nil)
    }
}
