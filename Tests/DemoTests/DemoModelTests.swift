// SPDX-License-Identifier: Apache-2.0

import Testing
import Translation

@testable import Demo

@Suite struct DemoModelTests {
    private func reply(_ json: String) throws -> DemoModel.Reply {
        DemoModel.reply(to: try JSONDocument(parsing: Array(json.utf8)))
    }

    private static let bash = #"[{"type":"function","function":{"name":"Bash"}}]"#

    @Test func `it says what it is and how to connect a real model`() throws {
        guard case .text(let text) = try self.reply(#"{"messages":[{"role":"user","content":"hi"}]}"#) else {
            Issue.record("expected text")
            return
        }
        #expect(text.contains("demo") && text.contains("not a language model"))
        #expect(text.contains("qwenproxyctl setup"))
        #expect(text.contains("QWEN_BASE_URL") && text.contains("QWEN_API_KEY"))
    }

    @Test func `it calls a tool when it is asked to, and reports the result`() throws {
        let asked = try self.reply(
            #"{"messages":[{"role":"user","content":"please use a tool"}],"tools":\#(Self.bash)}"#)
        guard case .toolCall(_, "Bash", let arguments) = asked else {
            Issue.record("expected a call, got \(asked)")
            return
        }
        #expect(throws: Never.self) { try JSONDocument(parsing: Array(arguments.utf8)) }
        let after = try self.reply(#"{"messages":[{"role":"tool","content":"Hello!"}]}"#)
        guard case .text(let text) = after else {
            Issue.record("expected text")
            return
        }
        #expect(text.contains("Hello!"))
    }

    @Test func `a reminder of the client is not a wish of the user`() throws {
        let reply = try self.reply(
            #"{"messages":[{"role":"user","content":"<system-reminder>tools</system-reminder>\nhi"}],"tools":\#(Self.bash)}"#
        )
        #expect(reply == .text(DemoModel.introduction))
    }

    @Test(arguments: ["{}", "[]", "null", #"{"messages":[]}"#, #"{"messages":[1]}"#])
    func `nonsense is answered`(json: String) throws {
        #expect(try self.reply(json) == .text(DemoModel.introduction))
    }
}
