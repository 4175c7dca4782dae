// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Configuration

@Suite struct APIKeyFileTests {
    let scratch = Scratch()
    let address = ["QWEN_BASE_URL": "dashscope-intl"]

    private func key(_ toml: String? = nil, _ environment: [String: String] = [:]) throws -> String? {
        try self.scratch.load(toml, environment: self.address.merging(environment) { $1 }).upstream.apiKey?.reveal()
    }

    @Test func `the environment wins over the file's key, that over the key file, and that over the credential`() throws
    {
        try self.scratch.write("sk-credential\n", to: "credentials/qwen-api-key")
        let named = try self.scratch.write("  sk-named \n", to: "key")
        let service = ["CREDENTIALS_DIRECTORY": self.scratch.path + "/credentials"]
        #expect(try self.key(nil, service) == "sk-credential")
        let both = service.merging(["QWEN_API_KEY_FILE": named]) { $1 }
        #expect(try self.key(nil, both) == "sk-named")
        let toml = "[upstream]\napi_key = \"sk-file\""
        #expect(try self.key(toml, both) == "sk-file")
        #expect(try self.key(toml, both.merging(["QWEN_API_KEY": "sk-env"]) { $1 }) == "sk-env")
    }

    @Test func `the second name of the credential is taken as well`() throws {
        try self.scratch.write("sk-2", to: "credentials/api-key")
        #expect(try self.key(nil, ["CREDENTIALS_DIRECTORY": self.scratch.path + "/credentials"]) == "sk-2")
    }

    @Test(arguments: ["", "\n", "sk-1\nsk-2", "sk 1", "sk-\u{e9}", String(repeating: "k", count: 20_000)])
    func `a file with anything but one key is refused without showing it`(content: String) throws {
        let path = try self.scratch.write(content, to: "key")
        let mistakes = try self.scratch.mistakes(environment: ["QWEN_API_KEY_FILE": path])
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.contains("upstream.api_key_file: ~/key: ") == true)
        #expect(!mistakes.joined().contains("sk-"))
    }

    @Test func `a key file that others can read is a warning`() throws {
        let path = try self.scratch.write("sk-1", to: "key", permissions: 0o640)
        let configuration = try self.scratch.load(environment: self.address.merging(["QWEN_API_KEY_FILE": path]) { $1 })
        #expect(configuration.warnings.contains { $0.contains("chmod 600") })
    }
}
