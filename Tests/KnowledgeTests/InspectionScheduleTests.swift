// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing

@testable import Knowledge

@Suite final class InspectionScheduleTests {
    private static let key = KnowledgeKey(upstream: "local", baseURL: "http://h/v1", model: "qwen3")

    private var schedule = InspectionSchedule()
    private let start = SteadyInstant.now

    private func begins(
        _ occasion: InspectionSchedule.Occasion, at seconds: Int, of key: KnowledgeKey = InspectionScheduleTests.key,
    ) -> Bool {
        self.schedule.begins(occasion, of: key, at: self.start + .seconds(seconds))
    }

    @Test func `a second inspection never begins while one runs`() {
        #expect(self.begins(.configured, at: 0))
        #expect(!self.begins(.cameBack, at: 5000))
        self.schedule.ended(Self.key, foundWindow: true)
        #expect(self.begins(.cameBack, at: 5000))
    }

    @Test(arguments: [InspectionSchedule.Occasion.configured, .answered, .cameBack])
    func `there is at most one a minute, whatever the occasion`(_ occasion: InspectionSchedule.Occasion) {
        #expect(self.begins(.configured, at: 0))
        self.schedule.ended(Self.key, foundWindow: false)
        #expect(!self.begins(occasion, at: 59))
        #expect(self.begins(occasion, at: 60))
    }

    @Test func `a known window is looked at again after ten minutes of use, or when the server came back`() {
        #expect(self.begins(.answered, at: 0))
        self.schedule.ended(Self.key, foundWindow: true)
        #expect(!self.begins(.answered, at: 599))
        #expect(self.begins(.answered, at: 600))
        self.schedule.ended(Self.key, foundWindow: true)
        #expect(self.begins(.cameBack, at: 660))
    }

    @Test func `a server that tells nothing is asked less and less`() {
        for second in [0, 60, 120] {
            #expect(self.begins(.answered, at: second))
            self.schedule.ended(Self.key, foundWindow: false)
        }
        #expect(!self.begins(.answered, at: 180))
        #expect(!self.begins(.answered, at: 3719))
        #expect(self.begins(.answered, at: 3720))
        self.schedule.ended(Self.key, foundWindow: false)
        #expect(self.begins(.cameBack, at: 3780))
    }

    @Test func `many names of models do not pile up`() {
        for index in 0..<2000 {
            let key = KnowledgeKey(upstream: "local", baseURL: "http://h/v1", model: "m\(index)")
            #expect(self.begins(.answered, at: 0, of: key))
            self.schedule.ended(key, foundWindow: true)
        }
        self.expectFewEntries()
    }

    @Test func `many names of models do not wait for a server that answers slowly`() {
        let begun = (0..<2000).count { index in
            self.begins(
                .answered, at: 0, of: KnowledgeKey(upstream: "local", baseURL: "http://h/v1", model: "m\(index)"))
        }
        #expect(begun == 256)
        self.expectFewEntries()
    }

    private func expectFewEntries() {
        #expect(
            Mirror(reflecting: self.schedule).children.allSatisfy { child in
                (child.value as? any Collection).map { $0.count <= 256 } ?? true
            })
    }
}
