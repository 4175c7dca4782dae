// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

/// What one request may hold, whatever its size in bytes.
@Suite struct RequestLimitsTests {
    /// A request with `count` times `item` at a place that `frame` names with an asterisk.
    private static func request(_ frame: String, _ item: String, count: Int) -> [UInt8] {
        let items = Array(repeating: item, count: count).joined(separator: ",")
        return Array(#"{"model":"m",\#(frame)}"#.replacing("*", with: items).utf8)
    }

    private static func mistake(_ body: [UInt8]) -> InvalidRequest? {
        do throws(InvalidRequest) {
            _ = try MessagesRequest(parsing: body)
            return nil
        } catch {
            return error
        }
    }

    private static let question = #""messages":[{"role":"user","content":"a"}]"#

    @Test(arguments: [
        (question + #","tools":[*]"#, #"{"name":"t"}"#, RequestLimits.tools, "tools"),
        (
            #""messages":[{"role":"user","content":[*]}]"#, #"{"type":"text","text":"a"}"#, RequestLimits.blocks,
            "messages"
        ),
        (#""messages":[*]"#, #"{"role":"user","content":"a"}"#, RequestLimits.blocks, "messages"),
        (
            #""messages":[{"role":"assistant","content":[*]}]"#, #"{"type":"tool_use","id":"i","name":"n"}"#,
            RequestLimits.blocks, "messages"
        ),
    ])
    func `a request holds so many of a kind and no more`(frame: String, item: String, limit: Int, path: String) {
        #expect(Self.mistake(Self.request(frame, item, count: limit)) == nil)
        let mistake = Self.mistake(Self.request(frame, item, count: limit + 1))
        #expect(mistake?.path == path)
        #expect(mistake?.message.contains("\(limit)") == true)
    }

    @Test func `values of any kind are counted, wherever they stand`() {
        let frames = [
            Self.question + #","metadata":[*]"#,
            Self.question + #","tools":[{"name":"t","input_schema":{"enum":[*]}}]"#,
            #""messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"i","content":[*]}]}]"#,
        ]
        for frame in frames {
            // What stands around them takes less than a hundred.
            #expect(Self.mistake(Self.request(frame, "1", count: RequestLimits.values - 100)) == nil)
            let mistake = Self.mistake(Self.request(frame, "1", count: RequestLimits.values))
            #expect(mistake?.path == "")
            #expect(mistake?.message.contains("\(RequestLimits.values)") == true)
        }
    }

    @Test func `tokens are counted for no more than that either`() {
        let body = Self.request(#""messages":[*]"#, #"{"role":"user","content":"a"}"#, count: RequestLimits.blocks + 1)
        #expect(throws: InvalidRequest.self) { try CountTokensRequest(parsing: body) }
    }
}
