// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import qwenproxyctl

@Suite struct ConfigurationOwnerTests {
    private let system: TemporaryDirectory
    private let owner: ConfigurationOwner

    init() throws {
        self.system = try TemporaryDirectory()
        self.owner = ConfigurationOwner(own: "/home/alice/c", system: self.system.path, mayChangeSystem: false)
    }

    @Test(arguments: ["", "# Only words.\n\n \t# More.\n"])
    func `a user's changes go to the user's own files while the system's set nothing`(text: String) throws {
        #expect(try self.owner.directory(for: self.system.path) == "/home/alice/c")
        try self.system.write(text, to: "config.toml")
        #expect(try self.owner.directory(for: self.system.path) == "/home/alice/c")
    }

    @Test func `settings of the system are not put out of force in passing`() throws {
        try self.system.write("# Words.\n  [upstream]\n", to: "config.toml")
        #expect(throws: ConfigurationOwner.Failure.self) { try self.owner.directory(for: self.system.path) }
        try self.system.write("# Words.\n", to: "config.toml")
        try self.system.makeDirectory("config.d")
        try self.system.write("", to: "config.d/plan.toml")
        #expect(throws: ConfigurationOwner.Failure.self) { try self.owner.directory(for: self.system.path) }
    }

    @Test func `the administrator changes the system's file, and each user the one in force for him`() throws {
        try self.system.write("[upstream]\n", to: "config.toml")
        let administrator = ConfigurationOwner(own: "/root/c", system: self.system.path, mayChangeSystem: true)
        #expect(try administrator.directory(for: self.system.path) == self.system.path)
        #expect(try self.owner.directory(for: "/elsewhere") == "/elsewhere")
    }
}
