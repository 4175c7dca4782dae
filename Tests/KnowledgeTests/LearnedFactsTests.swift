// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing
import Translation

@testable import Knowledge

@Suite final class LearnedFactsTests {
    private var facts = LearnedFacts()

    private func learn(_ lesson: Lesson, _ origin: FactOrigin, at second: Int64) -> Bool {
        self.facts.observe(Fact(lesson, from: origin, at: Timestamp(secondsSinceEpoch: second)))
    }

    private var window: Int? { self.facts.traits.contextWindow }

    @Test func `only what is new changes something`() {
        #expect(self.learn(.contextWindow(8192), .modelList, at: 1))
        #expect(!self.learn(.contextWindow(8192), .modelList, at: 2))
        #expect(!self.learn(.contextWindow(8192), .errorMessage, at: 3))
        #expect(self.learn(.contextWindow(4096), .errorMessage, at: 4))
        #expect(self.window == 4096)
    }

    @Test func `the more exact origin is right, whichever came first`() {
        #expect(self.learn(.contextWindow(4096), .errorMessage, at: 1))
        #expect(!self.learn(.contextWindow(131_072), .modelList, at: 2))
        #expect(self.window == 4096)
        #expect(!self.learn(.contextWindow(1_000_000), .modelInfo, at: 3))
        #expect(self.window == 4096)
        #expect(self.learn(.contextWindow(8192), .properties, at: 4))
        #expect(self.window == 8192)
    }

    @Test func `a newer list corrects an older one`() {
        #expect(self.learn(.contextWindow(32_768), .modelList, at: 1))
        #expect(self.learn(.contextWindow(65_536), .modelList, at: 2))
        #expect(self.window == 65_536)
    }

    @Test func `of two from the same second the last one counts`() {
        _ = self.learn(.contextWindow(8192), .properties, at: 1)
        _ = self.learn(.contextWindow(4096), .errorMessage, at: 1)
        #expect(self.window == 4096)
    }

    @Test func `a server that was started anew makes old refusals untrue`() {
        _ = self.learn(.contextWindow(8192), .modelList, at: 1)
        _ = self.learn(.contextWindow(8000), .errorMessage, at: 2)
        #expect(self.window == 8000)
        #expect(!self.learn(.contextWindow(8192), .modelList, at: 3))
        #expect(self.learn(.contextWindow(65_536), .modelList, at: 4))
        #expect(self.window == 65_536)
    }

    @Test func `what is too old gives way to anything newer`() {
        let month = Fact.lifetime + 1
        _ = self.learn(.contextWindow(8192), .properties, at: 0)
        #expect(self.learn(.contextWindow(32_768), .modelList, at: month))
        #expect(self.window == 32_768)
    }

    @Test func `a refusal is given another chance after a month`() {
        #expect(self.learn(.refusesParameter(.topK), .errorMessage, at: 0))
        #expect(self.learn(.refusesImages, .errorMessage, at: 10))
        #expect(self.facts.traits.refusedParameters == [.topK])
        #expect(self.learn(.contextWindow(8192), .modelList, at: Fact.lifetime + 5))
        #expect(self.facts.traits.refusedParameters.isEmpty)
        #expect(self.facts.traits.acceptsImages == false)
    }

    @Test func `a limit of the prompt and a window are two words for one thing`() {
        _ = self.learn(.contextWindow(262_144), .modelList, at: 1)
        _ = self.learn(.promptLimit(258_048), .errorMessage, at: 2)
        #expect(self.window == 258_048)
        #expect(!self.facts.traits.windowIsShared)
        #expect(self.facts.inForce.map(\.lesson) == [.promptLimit(258_048)])
    }

    @Test func `figures that no model has are not believed`() {
        for tokens in [Int.min, -1, 0, 1, .max] {
            #expect(!self.learn(.contextWindow(tokens), .properties, at: 1))
            #expect(!self.learn(.maximumOutputTokens(tokens), .properties, at: 1))
        }
        #expect(!self.learn(.server(.unknown), .modelList, at: 1))
        #expect(self.facts == LearnedFacts())
    }
}
