// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Translation

@Suite struct ToolArgumentRepairTests {
    private func repair(_ text: String) -> String? {
        ToolArgumentRepair.object(from: Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("", "{}"), (" \n", "{}"), ("null", "{}"), ("\"\"", "{}"),
        (#"{"a" : 1 , "b":[true, null]}"#, #"{"a" : 1 , "b":[true, null]}"#),
        (#"{"a":1,}"#, #"{"a":1}"#), (#"{"a":[1,2,],}"#, #"{"a":[1,2]}"#), (#"{"a":{"b":"c""#, #"{"a":{"b":"c"}}"#),
        (#"{"a":[1,2]"#, #"{"a":[1,2]}"#), (#"{"a":[[true"#, #"{"a":[[true]]}"#), (#"{"a":1 "#, #"{"a":1 }"#),
        (#"{'a':'x"y'}"#, #"{"a":"x\"y"}"#), ("{a: True, b_1: None}", #"{"a": true, "b_1": null}"#),
        (#"{"a":"\d\'"}"#, #"{"a":"\\d'"}"#), ("{\"a\":\"x\ty\"}", #"{"a":"x\ty"}"#),
        (#""{\"a\":1}""#, #"{"a":1}"#), (#"{"a":1}}"#, #"{"a":1}"#), (#"{"a":"\u00e9\u12"}"#, #"{"a":"\u00e9\\u12"}"#),
    ])
    func `a mistake with one meaning is repaired`(_ text: String, _ expected: String) {
        #expect(self.repair(text) == expected)
    }

    @Test(arguments: [
        "ls", "[1]", "1", "true", #"{"a":tru"#, #"{"a":"#, #"{"a""#, #"{"a":1 "b":2}"#, "{,}", #"{"a":ls -l}"#, #""x""#,
        #"{"a":1."#, "\u{0}", String(repeating: #"{"a":"#, count: 500),
    ])
    func `what would be a guess is left alone`(_ text: String) {
        #expect(self.repair(text) == nil)
    }

    /// Where an object may end in the middle, and what comes before it is not closed.
    private static let cuts = [
        "{", "{ ", "{'", #"{"a"#, "{a", #"{"a""#, #"{"a" "#, #"{"a":"#, #"{"a": "#, #"{"a":""#, #"{"a":"x"#,
        #"{"a":"x\#u{5C}"#, #"{"a":"\#u{5C}u12"#, #"{"a":"\#u{5C}""#, "{'a':'x", #"{"a":-"#, #"{"a":1"#, #"{"a":1."#,
        #"{"a":1e"#,
        #"{"a":tru"#, #"{"a":n"#, "{a: Fals", "{a: Non", #"{"a":1,"#, #"{"a":1, "#, #"{"a":["#, #"{"a":[1"#,
        #"{"a":[true,"#, #"{"a":[{"b":"x"},"#, #"{"a":{"#, #"{"a":[[]"# + ",", #"""#, #""{"#, #""{\"a\":1}"#,
        #""{\"a\":\"x""#, "nul",
    ]

    @Test(arguments: Self.cuts)
    func `a text that ends in the middle is not closed`(_ text: String) {
        #expect(ToolArgumentRepair.result(for: Array(text.utf8)) == .cut)
    }

    @Test(arguments: ["ls", "{,}", #"{"a":ls -l}"#, #"{"a":1 "b":2}"#, "[1", "1", #"{"a":"x"y"#, #"{"a":ls"#])
    func `what is not the beginning of an object is no cut object`(_ text: String) {
        #expect(ToolArgumentRepair.result(for: Array(text.utf8)) == .invalid)
    }

    @Test func `the beginning that may be sent stays the beginning of the result`() {
        let samples = [
            #"{"a":[1, {"b":"x\u00e9\\"},  ], 'c': None}"#, #"{"a":"b\d", }"#, "{\"a\":\"1\n2\"}", #"{"a" : [ ] , } }"#,
            #"{}"#, #"{"a":{},"b":[],}"#, "{ \n}", "{'a':1}",
        ]
        for sample in samples {
            for length in 0...sample.utf8.count {
                let text = Array(sample.utf8.prefix(length))
                var scanner = ToolArgumentScanner()
                var whole = ToolArgumentScanner()
                for end in 0...length { scanner.scan(Array(text[..<end])) }
                whole.scan(text)
                #expect(scanner.sendable == whole.sendable, "\(sample) \(length)")
                guard let repaired = ToolArgumentRepair.object(from: text) else { continue }
                #expect(repaired.starts(with: text[..<scanner.sendable]), "\(sample) \(length)")
            }
        }
    }
}
