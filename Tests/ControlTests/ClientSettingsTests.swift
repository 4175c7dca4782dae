// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import qwenproxyctl

/// What is written into Claude Code's settings, and taken back: the rest of the file stays byte for byte.
@Suite struct ClientSettingsTests {
    private static let variables = [
        (name: "ANTHROPIC_BASE_URL", value: "http://127.0.0.1:3455"),
        (name: "ANTHROPIC_AUTH_TOKEN", value: "sk-local-proxy-key"),
        (name: "ANTHROPIC_MODEL", value: "qwen3.7-plus"),
    ]

    private func write(
        _ contents: String?, _ variables: [(name: String, value: String)] = Self.variables,
        earlier: ClientSettingsRecord? = nil,
    ) throws -> (text: String?, record: ClientSettingsRecord) {
        let written = try ClientSettingsEdit.write(
            variables, to: contents.map { Array($0.utf8) }, at: "/s.json", earlier: earlier)
        return (written.bytes.map { String(decoding: $0, as: UTF8.self) }, written.record)
    }

    private func takeBack(_ record: ClientSettingsRecord, from text: String) throws -> (text: String?, kept: [String]) {
        let restoration = try ClientSettingsEdit.takeBack(record, from: Array(text.utf8))
        return (restoration.bytes.map { String(decoding: $0, as: UTF8.self) }, restoration.kept)
    }

    static let files: [String] = [
        "", "\n", " \r\n\t", "{}", "{}\n", "{ }\n", "{\n}\n", "\u{FEFF}{}\n", "{\"a\":1}",
        "{\n  \"model\": \"opus\"\n}\n",
        "{\n\t\"model\" : \"opus\" ,\n\t\"env\" : { \"X\" : \"1\" } ,\n\t\"hooks\": [ {\"a\": []} ]\n}",
        "{\n    \"env\": {},\n    \"z\": null\n}", "{\"env\":{\n}}",
        "{\r\n  \"env\": {\r\n    \"X\": \"1\"\r\n  }\r\n}\r\n",
        "{\"env\":{\"ANTHROPIC_MODEL\":\"opus\"}}", "{\"env\":{\"ANTHROPIC_MODEL\" :  \"\\u006fpus\" , \"Y\":\"2\"}}",
        "{\"env\":{\"ANTHROPIC_BASE_URL\":\"a\",\"ANTHROPIC_AUTH_TOKEN\":\"b\",\"ANTHROPIC_MODEL\":null}}",
        "{\"env\":{\"A\":\"x\"},\"env\":{\"B\":\"{\\\"}\"}}",
        "  {\"ü\": \"日本\", \"e\": -1.5e+3, \"t\": [true,false]}  \n",
    ]

    @Test(arguments: Self.files)
    func `what is written is there, and taking it back gives the same bytes`(file: String) throws {
        let (text, record) = try self.write(file)
        let written = try #require(text)
        for (name, value) in Self.variables {
            #expect(try JSONEdit(Array(written.utf8)).value(at: ["env", name]) == "\"\(value)\"")
        }
        #expect(try self.write(written).text == nil, "a second time there is nothing to write")
        let back = try self.takeBack(record, from: written)
        #expect(back.text == file)
        #expect(back.kept == [])
    }

    @Test func `it looks as if a person had written it`() throws {
        let (text, _) = try self.write("{\n  \"model\": \"opus\"\n}\n", Array(Self.variables.prefix(2)))
        #expect(
            text == """
                {
                  "model": "opus",
                  "env": {
                    "ANTHROPIC_BASE_URL": "http://127.0.0.1:3455",
                    "ANTHROPIC_AUTH_TOKEN": "sk-local-proxy-key"
                  }
                }

                """)
    }

    @Test func `a file that was not there goes again`() throws {
        let (text, record) = try self.write(nil)
        let written = try #require(text)
        #expect(written.hasPrefix("{\n  \"env\": {\n    \"ANTHROPIC_BASE_URL\": "))
        #expect(written.hasSuffix("\"\n  }\n}\n"))
        #expect(try self.takeBack(record, from: written).text == nil)
    }

    @Test func `what was added since stays, in a file that has been written anew`() throws {
        let (_, record) = try self.write(nil)
        let rewritten = """
            {"env":{"ANTHROPIC_AUTH_TOKEN":"sk-local-proxy-key","MINE":"1","ANTHROPIC_BASE_URL":"http://127.0.0.1:3455",
            "ANTHROPIC_MODEL":"another"},"theme":"dark"}
            """
        let back = try self.takeBack(record, from: rewritten)
        #expect(back.text == "{\"env\":{\"MINE\":\"1\",\n\"ANTHROPIC_MODEL\":\"another\"},\"theme\":\"dark\"}")
        #expect(back.kept == ["ANTHROPIC_MODEL"])
    }

    @Test func `a second writing keeps what was there before the first`() throws {
        let file = "{\"env\":{\"ANTHROPIC_MODEL\":\"opus\"}}"
        let first = try self.write(file)
        let second = try self.write(
            first.text, [(name: "ANTHROPIC_MODEL", value: "qwen4-max"), (name: "NEW", value: "1")],
            earlier: first.record)
        #expect(try self.takeBack(second.record, from: try #require(second.text)).text == file)
    }

    @Test(arguments: [
        ("{", 1), ("[]", 1), ("{\n  // comment\n}", 2), ("{\"a\":1,}", 1), ("{} x", 1), ("{\"a\":\"\n", 2),
        ("{\"a\":tru}", 1), ("nul", 1), ("{\"a\":\"\\", 1),
    ])
    func `a file that is no JSON object is left alone, and its line is told`(file: String, line: Int) {
        #expect(throws: ClientSettingsEdit.Failure.notJSON(line: line)) { try self.write(file) }
    }

    @Test func `a file of brackets is no danger`() {
        let file = String(repeating: "[", count: 100_000)
        #expect(throws: ClientSettingsEdit.Failure.notJSON(line: 1)) { try self.write(file) }
    }

    @Test func `an env that is no object is left alone`() {
        #expect(throws: ClientSettingsEdit.Failure.envIsNoObject) { try self.write("{\"env\": null}") }
    }
}
