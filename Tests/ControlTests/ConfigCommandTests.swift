// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import TestSupport
import Testing

/// `qwenproxyctl config` on real files, with the real daemon as the judge of them.
@Suite(.timeLimit(.minutes(1))) struct ConfigCommandTests {
    private let home: TemporaryDirectory
    private var directory: String { "\(self.home.path)/config/qwenproxyd" }
    private var file: String { "\(self.directory)/config.toml" }

    init() throws {
        self.home = try TemporaryDirectory()
    }

    private func ctl(_ arguments: String..., socket: String = "/nowhere", editor: String? = nil) async throws
        -> ChildProcess.Outcome
    {
        var environment = [
            "HOME": self.home.path, "XDG_CONFIG_HOME": "\(self.home.path)/config", "PATH": "/usr/bin:/bin",
            "QWEN_CONTROL_SOCKET": socket,
        ]
        environment["EDITOR"] = editor
        // The default patience of 5 s is for a daemon, not for a machine that runs every test at once.
        let patience = arguments.contains("check") ? [] : ["--timeout", "60"]
        return try await ChildProcess.run(BuiltProducts.control, arguments + patience, environment: environment)
    }

    private func write(_ text: String, mode: Int = 0o640) throws {
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
        try text.write(toFile: self.file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self.file)
    }

    private var contents: String? { try? String(contentsOfFile: self.file, encoding: .utf8) }
    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: self.directory)) ?? []).sorted()
    }

    @Test func `path is where the file is or would be`() async throws {
        #expect(try await self.ctl("config", "path").output == "\(self.file)\n")
        // A daemon that runs knows better.
        let running = try await withControlService { try await self.ctl("config", "path", socket: $0) }
        #expect(running.output == "/etc/qwenproxyd/config.toml\n")
    }

    @Test func `check says what is wrong, and where`() async throws {
        try self.write("[server]\nport = 3456\n")
        let good = try await self.ctl("config", "check")
        #expect(good.status == 0)
        #expect(good.output == "The configuration has no mistakes.\n")
        try self.write("[server]\nprot = 1\n")
        let bad = try await self.ctl("config", "check")
        #expect(bad.status == 1)
        #expect(bad.errorOutput.contains("\(self.file):2"))
        #expect(bad.errorOutput.contains("server.port"))
        #expect(try await self.ctl("config", "check", "/nowhere.toml").status == 1)
    }

    @Test func `check as JSON has the verdict and the remarks, and nothing is left to say`() async throws {
        struct Check: Decodable, Equatable {
            var isGood: Bool
            var remarks: [String]
        }
        func check(_ text: String) async throws -> (Check, ChildProcess.Outcome) {
            try self.write(text)
            let output = try await self.ctl("config", "check", "--json")
            return (try JSONDecoder().decode(Check.self, from: Data(output.output.utf8)), output)
        }
        let (right, good) = try await check("[upstream]\nbase_url = \"http://127.0.0.1:9/v1\"\nauth = \"none\"\n")
        #expect(right == Check(isGood: true, remarks: []))
        #expect(good.status == 0 && good.errorOutput.isEmpty)
        let (wrong, bad) = try await check("[server]\nprot = 1\n")
        #expect(!wrong.isGood && wrong.remarks.count == 1)
        #expect(wrong.remarks.first?.contains("server.port") == true)
        #expect(bad.status == 1 && bad.errorOutput.isEmpty)
    }

    @Test func `show has every setting of the running daemon, and its source`() async throws {
        let output = try await withControlService { try await self.ctl("config", "show", socket: $0) }
        let lines = output.output.split(separator: "\n")
        #expect(lines.first == "SETTING           VALUE  SOURCE")
        #expect(lines.contains("server.port       3455   default"))
        #expect(lines.contains("upstream.api_key  -      default"))
        let json = try await withControlService { try await self.ctl("config", "show", "--json", socket: $0) }
        let report = try JSONDecoder().decode(ConfigurationReport.self, from: Data(json.output.utf8))
        #expect(report.settings.count == 2)
    }

    @Test func `edit makes a file that is not there, readable by its owner only`() async throws {
        let output = try await self.ctl("config", "edit", editor: "printf '[server]\\nport = 1\\n' >")
        #expect(output.status == 0, "\(output.errorOutput)")
        #expect(output.output.contains("is in place"))
        #expect(self.contents == "[server]\nport = 1\n")
        let mode = try FileManager.default.attributesOfItem(atPath: self.file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(self.names == ["config.toml"])
    }

    @Test func `edit replaces a file at once, keeps its mode, and makes the daemon read it`() async throws {
        try self.write("# mine\n")
        let fake = ControlFake(configurationFile: self.file)
        let output = try await withControlService(fake) {
            try await self.ctl("config", "edit", socket: $0, editor: "sed -i 's/mine/yours/'")
        }
        #expect(output.status == 0, "\(output.errorOutput)")
        #expect(self.contents == "# yours\n")
        #expect(try FileManager.default.attributesOfItem(atPath: self.file)[.posixPermissions] as? Int == 0o640)
        #expect(fake.events == [.reload])
        #expect(output.output.contains("Reloaded."))
    }

    @Test func `a mistake never reaches the file, and what was written is not lost`() async throws {
        try self.write("# mine\n")
        let output = try await self.ctl("config", "edit", editor: "echo 'nonsense = 1' >>")
        #expect(output.status == 1)
        #expect(self.contents == "# mine\n")
        // The mistake is told of the file that the user knows.
        #expect(output.errorOutput.contains("\(self.file):2"))
        let draft = try #require(self.names.first { $0.hasPrefix("config.edit-") })
        #expect(output.errorOutput.contains("\(self.directory)/\(draft)"))
    }

    @Test func `nothing changed, or an editor that fails, leaves everything as it was`() async throws {
        try self.write("# mine\n")
        let unchanged = try await self.ctl("config", "edit", editor: "true")
        #expect(unchanged.status == 0)
        #expect(unchanged.output == "Nothing changed.\n")
        #expect(self.names == ["config.toml"])
        let failed = try await self.ctl("config", "edit", editor: "false")
        #expect(failed.status == 1)
        #expect(failed.errorOutput.contains("The editor ended with status 1."))
        #expect(self.contents == "# mine\n")
    }

    @Test func `a link to the file stays a link`() async throws {
        try self.write("# mine\n")
        let real = "\(self.home.path)/real.toml"
        try FileManager.default.moveItem(atPath: self.file, toPath: real)
        try FileManager.default.createSymbolicLink(atPath: self.file, withDestinationPath: real)
        #expect(try await self.ctl("config", "edit", editor: "sed -i 's/mine/yours/'").status == 0)
        #expect(try String(contentsOfFile: real, encoding: .utf8) == "# yours\n")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: self.file) == real)
    }
}
