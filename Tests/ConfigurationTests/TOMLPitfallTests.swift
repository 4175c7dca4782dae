// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Configuration

/// Each of these texts ended the process in an assertion of the TOML parser, in release builds too, or led it where its
/// behaviour is undefined.
@Suite struct TOMLPitfallTests {
    private static let name = "a table's name of letters, digits, '-' and '_', or in quotes, must stand after '['"
    private static let brace = "'}' stands where a value or ']' must be"
    private static let time = "a date has no time behind it (is text without its quotes?)"
    private static let digit = "a digit stands behind the value (is text without its quotes?)"
    private static let escape = "a '\\' stands before a character that is not ASCII"
    private static let ascii = "a character that is not ASCII stands outside of quotes"

    @Test(arguments: [
        ("[!]", 1, Self.name), ("[server]\nport = 1\n[ =", 3, Self.name), ("[[#]]", 1, Self.name),
        ("[\n", 1, Self.name), ("[[\t.a]]", 1, Self.name), ("\u{feff}[+", 1, Self.name), ("[[[inf", 1, Self.name),
        ("a = ['a', \"]\", 1]\n[.]", 2, Self.name), ("a = '''\n[!]'''\n[é]", 3, Self.name),
        ("a = [}", 1, Self.brace), ("a = [[1, 2],\n # [\n }]", 3, Self.brace), ("a = { b = [ } }", 1, Self.brace),
        ("a = 1979-05-27T", 1, Self.time), ("a = [\n1979-05-27tp", 2, Self.time), ("a = 1979-05-27T ", 1, Self.time),
        ("a = 1979-05-27 2", 1, Self.digit), ("a = 1979-aa-27 2\n", 1, Self.digit),
        ("a = [\n 1_979-05-27 2,", 2, Self.digit), ("a = [1979-05-2= 1]", 1, Self.digit),
        ("größe = 1", 1, Self.ascii), ("a = [ \u{2028}", 1, Self.ascii), ("a = 1\n\u{a0}b = 2", 2, Self.ascii),
        ("a = true\u{3000}", 1, Self.ascii), ("“a” = 1", 1, Self.ascii),
        (#"a = "\é""#, 1, Self.escape), (#"["\ü"]"#, 1, Self.escape),
        ("a = 1\nb = \"\"\"\\\" \\\n  é\"\"\"", 2, Self.escape),
    ])
    func `what the parser must not see is a mistake with a line and a remedy`(
        text: String, line: Int, message: String
    ) throws {
        let mistakes = try Scratch().mistakes(text)
        #expect(mistakes == ["~/config.toml:\(line): not valid TOML: \(message)"])
    }

    @Test func `what is wrong before it is told first`() throws {
        let mistakes = try Scratch().mistakes("[server]\nport = \n[!]")
        #expect(mistakes.count == 1 && mistakes[0].hasPrefix("~/config.toml:2: not valid TOML"), "\(mistakes)")
        // The end of this text is behind the line, and it begins no second one.
        let unclosed = try Scratch().mistakes("[server]\nhost = \"a\n[!] = \"")
        #expect(unclosed.count == 1 && unclosed[0].hasPrefix("~/config.toml:2: not valid TOML"), "\(unclosed)")
    }

    @Test(arguments: [
        "", "\u{feff}[a]", "[ a . 'b' . \"c\" ]", "[[ a ]] # [!", "a = [ [ ], { b = [ { } ] }, ]", "'[!' = 1",
        "1979-05-27t = 1",
        "a = '''\n[!]\n'''", "a = \"\"\"\n[\\\" 1979-05-27T\"\"\"\"", "a = \"é [! \\\" 1979-05-27T\" # é",
        "a = 1979-05-27T07:32:00Z", "a = [1979-05-27 07:32:00, 1979-05-27 , 07:32:00]", "a = 1979-05-27  # 2",
        "a = [ # }\n '}' ]", "a = 5 # 2", "a.1979-05-27.b = { c = -1, d = [ 1 , 2 ] }",
    ])
    func `no valid document is held back`(text: String) {
        #expect(TOMLPitfall.first(in: Array(text.utf8)) == nil)
        let mistakes = try? Scratch().mistakes(text)
        #expect(mistakes?.contains { $0.contains("TOML") } == false, "\(mistakes ?? [])")
    }
}
