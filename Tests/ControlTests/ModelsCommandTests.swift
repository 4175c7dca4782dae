// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import Shared
import TestSupport
import Testing

@testable import qwenproxyctl

/// `qwenproxyctl models`, with a daemon and without one.
@Suite(.timeLimit(.minutes(3))) struct ModelsCommandTests {
    private let home: TemporaryDirectory

    init() throws {
        self.home = try TemporaryDirectory("models")
        try self.home.makeDirectory("config/qwenproxyd")
    }

    private func text(date: String, window: Int = 7000, address: String = "https://new.example/v1") -> String {
        """
        {"format": 1, "date": "\(date)",
         "models": [{"match": ["new-*"], "context_window": \(window), "source": "a test", "date": "\(date)"}],
         "products": [{"name": "mine", "source": "a test", "date": "\(date)",
                       "presets": [{"name": "mine", "base_url": "\(address)"}]}]}
        """
    }

    private func file(_ name: String) -> String { "config/qwenproxyd/\(name)" }

    private func ctl(_ arguments: String..., socket: String? = nil) async throws -> ChildProcess.Outcome {
        try await ChildProcess.run(
            // The usual five seconds are short where the service shares its threads with all other tests.
            BuiltProducts.control, ["models"] + arguments + ["--timeout", "120"],
            environment: [
                "HOME": self.home.path, "XDG_CONFIG_HOME": self.home.path("config"), "PATH": "/usr/bin:/bin",
                "QWEN_CONTROL_SOCKET": socket ?? self.home.path("none"),
            ])
    }

    @Test func `the list has every row, with origin and age`() async throws {
        try self.home.write(self.text(date: "2026-12-01"), to: self.file("catalog.json"))
        let list = try await self.ctl()
        #expect(list.status == 0, "\(list.errorOutput)")
        let lines = list.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines[0].first == "MODEL")
        #expect(lines[1].prefix(2) == ["new-*", "7,000"] && lines[1].contains("user"))
        let row = try #require(lines.first { $0.first == "qwen4-*" })
        #expect(row.contains("983,616") && row.contains("393,216") && row.contains("shipped"))
        #expect(list.output.contains("\(self.home.path("config"))/qwenproxyd/catalog.json"))
        let json = try JSONDecoder().decode(CatalogueList.self, from: Data(try await self.ctl("--json").output.utf8))
        #expect(json.files.map(\.origin) == [.user, .shipped])
        #expect(json.models[0].fields == ["context_window": "7000"])
    }

    @Test func `ages are told in days`() {
        let now = Timestamp(secondsSinceEpoch: Timestamp("2026-12-11T10:00:00Z")?.secondsSinceEpoch ?? 0)
        #expect(CatalogueList.age("2026-12-01", now) == "10d")
        #expect(CatalogueList.age("2027-01-01", now) == "0d")
        #expect(CatalogueList.age("soon", now) == nil)
    }

    @Test func `a model is explained by the daemon, or else by the files`() async throws {
        let told = try await withControlService { path in try await self.ctl("show", "m", socket: path) }
        #expect(told.status == 0, "\(told.errorOutput)")
        #expect(told.output.contains("m at default"))
        #expect(told.output.contains("learned") && told.output.contains("/props") && told.output.contains("2026-11-26"))
        let alone = try await self.ctl("show", "Qwen/qwen3.7-plus")
        #expect(alone.output.contains("no daemon runs") && alone.output.contains("991808"), "\(alone.output)")
        #expect(try await self.ctl("show", "made-up").output.contains("says nothing about made-up"))
        #expect(try await self.ctl("show", "m", "--upstream", "u").status == 3)
    }

    @Test func `a deep test tells what it found out`() async throws {
        let outcome = try await withControlService { path in
            try await ChildProcess.run(
                BuiltProducts.control, ["upstream", "test", "u", "--deep", "--socket", path, "--timeout", "60"])
        }
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
        #expect(
            outcome.output == """
                m at u, 2 requests:
                  ✓ answers: taken
                  ✗ images: status 400: no images here
                What was found out is kept, and used from now on.

                """)
    }

    @Test func `an update is checked, told, kept, and taken back in the steps in which it came`() async throws {
        let fake = ControlFake(directory: self.home.path("config/qwenproxyd"))
        try await withControlService(fake) { path in
            try self.home.write(self.text(date: "2099-01-01"), to: "one.json")
            try self.home.write(
                self.text(date: "2099-02-01", window: 8000, address: "https://x.example/v1"), to: "two.json")
            let first = try await self.ctl("update", self.home.path("one.json"), socket: path)
            #expect(first.status == 0, "\(first.errorOutput)")
            #expect(
                first.output.contains("New models: new-*.")
                    && first.output.contains("preset mine is https://new.example"))
            let second = try await self.ctl("update", self.home.path("two.json"), socket: path)
            #expect(second.output.contains("https://x.example/v1; it was https://new.example/v1"), "\(second.output)")
            #expect(second.output.contains("Its day, 2099-02-01, is still to come"), "\(second.output)")
            #expect(!second.output.contains("no longer in it"), "\(second.output)")
            #expect(
                first.output.contains("Models no longer in it: *-instruct*,")
                    && first.output.contains("Presets no longer in it: coding-plan-cn,"), "\(first.output)")
            #expect(try await self.ctl("show", "new-1").output.contains("8000"))
            let older = try await self.ctl("update", self.home.path("one.json"), socket: path)
            #expect(older.status == 1 && older.errorOutput.contains("2099-02-01"), "\(older)")
            #expect(try await self.ctl("update", "--undo", socket: path).status == 0)
            #expect(try await self.ctl("show", "new-1").output.contains("7000"))
            #expect(try await self.ctl("update", "--undo", socket: path).output.contains("came with the program"))
            #expect(try await self.ctl("show", "new-1").output.contains("says nothing"))
            #expect(try await self.ctl("update", "--undo", socket: path).status == 1)
            #expect(fake.events.count { $0 == .reload } == 4)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.home.path("config/qwenproxyd")) == [])
    }

    /// The daemon may read the files a moment later: to take them away again would leave it with what stands in none.
    @Test func `an update whose reload is not answered in time stays, and says how to make sure`() async throws {
        let gate = Gate()
        let slow = ControlFake(
            directory: self.home.path("config/qwenproxyd"),
            beforeReload: {
                await withCheckedContinuation { continuation in gate.whenOpen { continuation.resume() } }
            })
        try self.home.write(self.text(date: "2099-01-01"), to: "one.json")
        try await withControlService(slow) { path in
            let update = try await ChildProcess.run(
                BuiltProducts.control,
                ["models", "update", self.home.path("one.json"), "--socket", path, "--timeout", "40"],
                environment: [
                    "HOME": self.home.path, "XDG_CONFIG_HOME": self.home.path("config"), "PATH": "/usr/bin:/bin",
                ])
            #expect(update.errorOutput.contains("\"qwenproxyctl reload\" makes sure that it reads them"), "\(update)")
            #expect(slow.events == [])
            gate.open()
        }
        let name = CatalogFiles.updateName
        #expect(self.home.text(self.file(name)) == self.text(date: "2099-01-01"))
    }

    @Test func `an update with a mistake changes nothing`() async throws {
        try self.home.write("{\"format\": 1, \"date\": \"2099-01-01\", \"models\": [{}]}", to: "bad.json")
        try self.home.write(self.text(date: "2099-01-01"), to: "good.json")
        let refusing = ControlFake(
            reload: .failure(.reloadRejected(mistakes: ["upstreams.a.preset: gone"])),
            directory: self.home.path("config/qwenproxyd"))
        try await withControlService(refusing) { path in
            let bad = try await self.ctl("update", self.home.path("bad.json"), socket: path)
            #expect(bad.status == 1 && bad.errorOutput.contains("models[0].match"), "\(bad)")
            for (name, members) in [("none", ""), ("models", #","models":[],"products":[]"#)] {
                try self.home.write("{\"format\": 1, \"date\": \"2099-01-01\"\(members)}", to: "\(name)-bare.json")
                let bare = try await self.ctl("update", self.home.path("\(name)-bare.json"), socket: path)
                #expect(bare.status == 1 && bare.errorOutput.contains("Rows of your own belong into"), "\(bare)")
                #expect(bare.errorOutput.contains("/config/qwenproxyd/catalog.json"), "\(bare)")
            }
            let refused = try await self.ctl("update", self.home.path("good.json"), socket: path)
            #expect(refused.status == 1 && refused.errorOutput.contains("upstreams.a.preset: gone"), "\(refused)")
            #expect(try await self.ctl("update", self.home.path("none.json"), socket: path).status == 1)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.home.path("config/qwenproxyd")) == [])
        #expect(try await self.ctl("update").status == 64)
    }
}
