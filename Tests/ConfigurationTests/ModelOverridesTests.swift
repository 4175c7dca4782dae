// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

@Suite struct ModelOverridesTests {
    @Test func `each key is taken from the most specific pattern that has it`() {
        var overrides = ModelOverrides()
        overrides["*"].vision = false
        overrides["*"].contextWindow = 1000
        overrides["qwen3*"].contextWindow = 2000
        overrides["qwen3-vl"].vision = true
        #expect(overrides.override(for: "qwen3-vl") == ModelOverride(contextWindow: 2000, vision: true))
        #expect(overrides.override(for: "qwen3-max") == ModelOverride(contextWindow: 2000, vision: false))
        #expect(overrides.override(for: "glm") == ModelOverride(contextWindow: 1000, vision: false))
        #expect(ModelOverrides().override(for: "glm") == ModelOverride())
    }
}
