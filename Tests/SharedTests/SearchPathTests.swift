// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared
import Testing

@Suite struct SearchPathTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "search-\(UUID().uuidString)").path

    private func program(_ path: String) throws -> String {
        let file = self.directory + "/" + path
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
        return file
    }

    @Test func `a program has a short name where the shell finds that very file by it`() throws {
        defer { try? FileManager.default.removeItem(atPath: self.directory) }
        let first = try self.program("a/tool")
        let second = try self.program("b/tool")
        let both = SearchPath("\(self.directory)/none:\(self.directory)/a:\(self.directory)/b")
        #expect(both.program(named: "tool") == first)
        #expect(both.shortName(of: first) == "tool")
        #expect(both.shortName(of: second) == nil)
        #expect(SearchPath("\(self.directory)/b").shortName(of: second) == "tool")
        #expect(SearchPath("").shortName(of: first) == nil)
        // A link to it is the same program.
        try FileManager.default.createDirectory(atPath: self.directory + "/bin", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: self.directory + "/bin/tool", withDestinationPath: second)
        #expect(SearchPath("\(self.directory)/bin").shortName(of: second) == "tool")
    }

    @Test func `what cannot be run is no program`() throws {
        defer { try? FileManager.default.removeItem(atPath: self.directory) }
        let file = try self.program("a/text")
        #expect(SearchPath.isProgram(file) && !SearchPath.isProgram(self.directory + "/a"))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        #expect(!SearchPath.isProgram(file))
        #expect(SearchPath("\(self.directory)/a").program(named: "text") == nil)
    }

    @Test(arguments: [
        ("/usr/bin/a-b_c.d", "/usr/bin/a-b_c.d"), ("/my dir/x", "'/my dir/x'"), ("it's", "'it'\\''s'"), ("", "''"),
        ("$(x)", "'$(x)'"),
    ])
    func `a word of the shell stands for exactly its text`(text: String, word: String) {
        #expect(ShellWord.quoted(text) == word)
    }

    @Test func `a program that is not beside this one is called by its name`() {
        #expect(OwnProgram.typed("no-such-program") == "no-such-program")
    }
}
