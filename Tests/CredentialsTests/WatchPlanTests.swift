// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Credentials

@Suite struct WatchPlanTests {
    private func plan(_ directory: String, existing: Set<String>) -> [WatchPlan.Watch] {
        WatchPlan(directory: directory) { existing.contains($0) }.watches
    }

    @Test func `with everything in place the directory is watched for the file`() {
        let plan = self.plan("/home/u/.qwen/", existing: ["/home", "/home/u", "/home/u/.qwen"])
        #expect(
            plan == [
                .init(path: "/", purpose: .departure), .init(path: "/home", purpose: .departure),
                .init(path: "/home/u", purpose: .departure), .init(path: "/home/u/.qwen", purpose: .file),
            ])
    }

    @Test func `with something missing the deepest that exists is watched for the next name`() {
        #expect(
            self.plan("/home/u/.qwen", existing: ["/home", "/home/u"]).last
                == .init(path: "/home/u", purpose: .arrival(of: ".qwen")))
        #expect(
            self.plan("/home/u/.qwen", existing: ["/home/u/.qwen"])
                == [.init(path: "/", purpose: .arrival(of: "home"))])
        #expect(self.plan("/", existing: []) == [.init(path: "/", purpose: .file)])
    }
}
