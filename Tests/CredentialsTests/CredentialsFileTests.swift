// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Configuration
@testable import Credentials

@Suite struct CredentialsFileTests {
    let directory: TemporaryDirectory

    private let credentials = OAuthCredentials(
        accessToken: Secret("a"), refreshToken: Secret("r"), tokenType: "Bearer", resourceURL: "portal.qwen.ai",
        expiry: Date(timeIntervalSince1970: 1_775_900_000))

    init() throws {
        self.directory = try TemporaryDirectory("c")
    }

    @Test func `what was written is read, and only its owner can read it`() throws {
        let file = CredentialsFile(path: self.directory.path + "/new/oauth_creds.json")
        #expect(file.read() == .missing)
        for _ in 0..<2 {
            try file.write(self.credentials)
            guard case .credentials(let found, _) = file.read() else {
                Issue.record("not read")
                return
            }
            #expect(found == self.credentials)
        }
        let manager = FileManager.default
        #expect(try manager.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
        let parent = self.directory.path + "/new"
        #expect(try manager.attributesOfItem(atPath: parent)[.posixPermissions] as? Int == 0o700)
        #expect(try manager.contentsOfDirectory(atPath: parent) == ["oauth_creds.json"])
    }

    @Test func `a write that fails leaves nothing behind`() throws {
        try self.directory.makeDirectory("d/oauth_creds.json")
        let file = CredentialsFile(path: self.directory.path + "/d/oauth_creds.json")
        #expect(throws: CredentialsFile.WriteFailure(operation: "rename", errno: EISDIR)) {
            try file.write(self.credentials)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.directory.path + "/d") == ["oauth_creds.json"])
        #expect(file.read() == .invalid(reason: "it is not a regular file"))
    }

    @Test func `a symbolic link survives a write, and goes with the token when that is removed`() throws {
        let manager = FileManager.default
        try self.directory.makeDirectory("real")
        try self.directory.makeDirectory("linked")
        let real = CredentialsFile(path: self.directory.path + "/real/creds.json")
        let link = CredentialsFile(path: self.directory.path + "/linked/oauth_creds.json")
        try manager.createSymbolicLink(atPath: link.path, withDestinationPath: "../real/creds.json")
        // Nothing is there yet: the link leads nowhere, and a file takes its place.
        try link.write(self.credentials)
        try manager.removeItem(atPath: link.path)
        try real.write(self.credentials)
        try manager.createSymbolicLink(atPath: link.path, withDestinationPath: "../real/creds.json")
        var renewed = self.credentials
        renewed.accessToken = Secret("renewed")
        try link.write(renewed)
        #expect(try manager.destinationOfSymbolicLink(atPath: link.path) == "../real/creds.json")
        guard case .credentials(let found, _) = real.read() else {
            Issue.record("not read")
            return
        }
        #expect(found == renewed)
        #expect(try manager.contentsOfDirectory(atPath: self.directory.path + "/real") == ["creds.json"])
        #expect(try link.remove())
        #expect(real.read() == .missing)
        #expect(try manager.contentsOfDirectory(atPath: self.directory.path + "/linked").isEmpty)
    }

    @Test func `a file that is too large is not read`() throws {
        try self.directory.write(String(repeating: " ", count: CredentialsFile.limit + 1), to: "f")
        #expect(
            CredentialsFile(path: self.directory.path + "/f").read()
                == .invalid(reason: "it is larger than 65536 bytes"))
    }
}
