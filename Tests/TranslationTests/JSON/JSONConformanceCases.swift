// SPDX-License-Identifier: Apache-2.0

/// What RFC 8259 says about a text, case by case. One line per text so that a failure names what it is about.
enum JSONConformanceCases {
    /// Every parser must accept these.
    static let accepted: [String] =
        Self.acceptedStructure + Self.acceptedNumbers + Self.acceptedStrings + Self.acceptedLiterals

    private static let acceptedStructure = [
        "[]", "[ ]", "[\t\n\r ]", "[[]]", "[[],[]]", "[[[[[[[[]]]]]]]]", "[[[]],{},[{}],[[],{}]]", "[1]", "[1,2]",
        "[1 ,2]", "[1, 2]", "[ 1 , 2 ]", "[1\n,\n2\n]", "[1\r\n,2]", "[1\t]", "[null,true,false,0,\"\",[],{}]",
        "[\"\",\"\"]", "[[1],[2],[3]]", "[{}]", "[{},{}]", "[{\"a\":[]}]", "[\"a\",1]",
        "{}", "{ }", "{\n}", "{\"a\":1}", "{\"a\" : 1}", "{ \"a\":1 }", "{\"a\"\n:\n1\n}", "{\"a\":1,\"b\":2}",
        "{\"a\":1 , \"b\":2}", "{\"\":0}", "{\"\":{}}", "{\"a\":{}}", "{\"a\":{\"a\":{\"a\":{}}}}", "{\"a\":[]}",
        "{\"a\":[{}]}", "{\"a\":[{\"b\":[{}]}]}", "{\"a\":\"b\"}", "{\"a\":null}", "{\"\\u0061\":1}",
        "{\"a\\nb\":1}", "{\"\\\"\":1}", "{\"\\\\\":1}", "{\"a\":1,\"b\":{\"c\":[1,{\"d\":2}],\"e\":3},\"f\":4}",
        "{\"}\":1}", "{\"{\":\"[\"}", "[\"]\"]", "[\",\"]", "{\":\":\":\"}", " []", "[] ", "\n\n[]\n\n", "\t{}\r\n",
    ]

    private static let acceptedNumbers = [
        "0", "-0", "1", "-1", "9", "10", "42", "-42", "1234567890", "9007199254740991", "9007199254740993",
        "9223372036854775807", "-9223372036854775808", "0.0", "-0.0", "0.1", "0.10", "0.001", "1.0", "1.5", "-1.5",
        "123.456", "100.001", "3.14159265358979", "0e0", "0E0", "0e1", "0e+1", "0e-1", "1e0", "1E0", "1e5", "1e+5",
        "1e-5", "1E+5", "1E-5", "1e05", "1e00", "1.5e3", "1.5E-3", "-1.5e+3", "-0e-0", "0.0e0", "123456e2", "[0,0]",
        "[-0]", "[1e1]", "{\"a\":0}", "{\"a\":-1.0e2}", " 1 ", "1\n", "\t-1\r",
    ]

    private static let acceptedStrings = [
        "\"\"", "\" \"", "\"a\"", "\"abc\"", "\"/\"", "\"'\"", "\"\u{7F}\"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"",
        "\"\\b\"", "\"\\f\"", "\"\\n\"", "\"\\r\"", "\"\\t\"", "\"\\u0000\"", "\"\\u0020\"", "\"\\u0022\"",
        "\"\\u005c\"", "\"\\u005C\"", "\"\\u007f\"", "\"\\u0080\"", "\"\\u00e9\"", "\"\\u00E9\"", "\"\\uabcd\"",
        "\"\\uABCD\"", "\"\\uAbCd\"", "\"\\u0123\"", "\"\\u4567\"", "\"\\u89ef\"", "\"\\ud7ff\"", "\"\\ue000\"",
        "\"\\ufffd\"", "\"\\ufffe\"", "\"\\uffff\"", "\"\\ufdd0\"", "\"\\u2028\\u2029\"", "\"\\ud800\\udc00\"",
        "\"\\uD83D\\uDE00\"", "\"\\udbff\\udfff\"", "\"\\ud83d\\ude00\\ud83d\\ude01\"", "\"a\\ud83d\\ude00b\"",
        "\"\\\\u0041\"", "\"\\\\\\\"\"", "\"\\\\\\\\\"", "\"\\\\n\"", "\"\\\"\\\"\"", "\"\\n\\n\\n\"", "\"//\"",
        "\"/* no comment */\"", "\"\u{80}\"", "\"é\"", "\"\u{7FF}\"", "\"\u{800}\"", "\"€\"", "\"你好\"",
        "\"\u{D7FF}\"", "\"\u{E000}\"", "\"\u{FFFD}\"", "\"\u{FFFE}\"", "\"\u{FFFF}\"", "\"\u{10000}\"", "\"😀\"",
        "\"\u{10FFFF}\"", "\"\u{2028}\u{2029}\"", "\"a\u{FEFF}\"", "\"\u{200B}\u{2060}\"", "\"e\u{301}\"",
        "\"👩‍👩‍👧‍👦\"", "\"0123456789abcde\"", "\"0123456789abcdef\"", "\"0123456789abcdef0\"",
        "\"0123456789abcdef0123456789abcde\\n\"", "[\"é\",\"你\",\"😀\"]", "{\"é\":\"你\"}", "{\"😀\":1}",
        "\"null\"", "\"[]\"", "\"{\\\"a\\\":1}\"",
    ]

    private static let acceptedLiterals = [
        "true", "false", "null", " true", "false ", "\nnull\n", "[true]", "[false]", "[null]", "[true,false,null]",
        "{\"a\":true}", "{\"a\":false,\"b\":null}", "[ null ]",
    ]

    /// No parser may accept these.
    static let refused: [String] =
        Self.refusedStructure + Self.refusedNumbers + Self.refusedStrings + Self.refusedLiterals + Self.refusedSpace

    private static let refusedStructure = [
        "", "[", "]", "{", "}", "[[", "{{", "[]]", "{}}", "[[]", "[}", "{]", "[{]}", "[{}", "{[]}", "{{}}", "[1",
        "[1,", "[1,]", "[1,,2]", "[,]", "[,1]", "[,", "[1 2]", "[1:2]", "[\"a\":1]", "[1;2]", "[\"\"", "[\"\",",
        "[\"\" \"\"]", "[][]", "[]{}", "[],", "[]1", "[]x", ",[]", ",", ":", "[:]", "[1}", "{\"a\":1]", "[{\"a\":1]",
        "{\"a\"}", "{\"a\":}", "{\"a\":", "{\"a\"", "{\"a", "{:1}", "{\"a\":1,}", "{\"a\":1,,}", "{\"a\":1,,\"b\":2}",
        "{,\"a\":1}", "{,}", "{\"a\":1 \"b\":2}", "{\"a\":1;\"b\":2}", "{\"a\"=1}", "{\"a\"::1}", "{\"a\":1:2}",
        "{\"a\" 1}", "{\"a\",1}", "{\"a\",\"b\"}", "{1:1}", "{null:1}", "{true:1}", "{[]:1}", "{a:1}", "{'a':1}",
        "{\"a\":'b'}", "{\"a\":b}", "{\"a\":1}}", "{\"a\":1}]", "{\"a\":1}{}", "{\"a\":1},", "{\"a\":{}", "{\"a\":[}",
        "{\"a\":[1,{\"b\":]}}", "(1)", "<1>", "[1]//", "[1]/**/", "/**/[1]", "//\n[1]", "[/**/1]", "#1", "1 2",
        "\"\"\"\"",
        "[] []", "[1,\n", "[[[[[[[[[[", "]]]]", "{\"a\":[{\"a\":[{\"a\":[", "*", "@", "[*]", "[`]", "=", "_", "[a]",
    ]

    private static let refusedNumbers = [
        "-", "+", ".", "e", "E", "+1", "++1", "--1", "-+1", "+-1", "- 1", "00", "01", "-01", "-00", "001", "0123",
        "00.1", "01.5", "1.", "1.]", "[1.]", "1.e1", "1.E1", "0.", "-0.", ".1", "-.1", ".5e1", "1..2", "1.2.3", "1e",
        "1E",
        "1e+", "1e-", "1e.5", "1e5.5", "1e1.", "1ee1", "1e+-1", "1e--1", "1e 1", "1 e1", "0e", "0e+", "0E-", "0.1e",
        "-e1", "0x1", "0x", "0X1F", "0b1", "0o7", "1a", "1f", "1L", "1_000", "1,000", "1 000", "[1 000]", "1'000", "½",
        "١", "[１]", "NaN", "nan", "-NaN", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "[NaN]", "[-]", "[+1]",
        "[.1]", "[01]", "[1e]", "{\"a\":01}", "{\"a\":-}", "{\"a\":1.}", "[-a]", "[1.0a]", "[0x]", "[1-2]", "[1+2]",
        "−1", "$1", "1%",
    ]

    private static let refusedStrings = [
        "\"", "\"a", "\"\\", "\"\\\"", "\"\\\\\\\"", "a\"", "'a'", "`a`", "“a”", "\"a\"b\"", "\"\\a\"", "\"\\v\"",
        "\"\\0\"", "\"\\1\"", "\"\\x41\"", "\"\\'\"", "\"\\ \"", "\"\\N\"", "\"\\B\"", "\"\\U0041\"", "\"\\é\"",
        "\"\\😀\"", "\"\\u\"", "\"\\u1\"", "\"\\u12\"", "\"\\u123\"", "\"\\u", "\"\\u1", "\"\\u12", "\"\\u123",
        "\"\\u1234", "\"\\ug000\"", "\"\\u0g00\"", "\"\\u00g0\"", "\"\\u000g\"", "\"\\u+123\"", "\"\\u-123\"",
        "\"\\u 123\"", "\"\\u{41}\"", "\"\\u00 1\"", "\"\\ud83d\\u\"", "\"\\ud83d\\ude0\"", "\"\\ud83d\\ude0g\"",
        "\"\\ud83d\\", "\"\\ud83d\\u", "\"\\ud83d\\x\"", "\"\\ud83d", "\"\n\"", "\"\r\"", "\"\t\"", "\"\u{0}\"",
        "\"\u{1}\"", "\"\u{1F}\"", "\"a\nb\"", "\"0123456789abcdef\n\"", "\"0123456789abcde\t\"", "\"\\\n\"",
        "\"\\\t\"",
        "[\"a", "[\"a]", "[\"\\\"]", "{\"a:1}", "{\"\n\":1}", "{\"a\":\"\n\"}", "\"\\\u{0}\"", "\"\\u\u{0}041\"",
    ]

    private static let refusedLiterals = [
        "t", "tr", "tru", "truE", "True", "TRUE", "truee", "true1", "true true", "f", "fals", "False", "FALSE",
        "falsee", "n", "nul", "Null", "NULL", "nulll", "nil", "None", "undefined", "[tru]", "[fals]", "[nul]",
        "[truth]", "[nulL]", "{\"a\":tru}", "{\"a\":nul", "[true", "[null", "t\u{0}ue", "tru\u{0}", "nu ll", "yes",
        "[True]", "-true", "[true false]", "\\u0074rue",
    ]

    private static let refusedSpace = [
        " ", "\n", "\t", "\r\n", "\u{C}[]", "[\u{C}]", "[]\u{C}", "\u{B}[]", "[\u{B}1]", "[\u{A0}]", "[\u{2003}1]",
        "[\u{200B}1]", "[\u{2060}]", "[\u{3000}]", "[1,\u{A0}2]", "\u{85}[]", "[\u{0}]", "[]\u{0}", "\u{0}", "\u{1F}1",
        "[\u{7F}]", "[1\u{1}]", "{\u{FEFF}}", "[\u{FEFF}]", "[]\u{FEFF}", "[\u{2028}]",
    ]

    /// Texts about which the RFC leaves the choice, and ours. Foundation's may differ.
    static let choices: [(text: String, isAccepted: Bool)] = [
        // A name that comes twice: the last counts.
        ("{\"a\":1,\"a\":2}", true),
        ("{\"a\":{},\"a\":[]}", true),
        ("{\"\":1,\"\":2}", true),
        // Any number is only passed on, so none is too large.
        ("1e400", true),
        ("-1e400", true),
        ("1e-400", true),
        ("123456789012345678901234567890", true),
        ("1e99999999999999999999", true),
        ("0." + String(repeating: "1", count: 500), true),
        (String(repeating: "9", count: 500), true),
        ("9223372036854775808", true),
        ("18446744073709551616", true),
        // Half of a surrogate pair is the grammar's, and what JavaScript writes for a cut emoji.
        ("\"\\ud83d\"", true),
        ("\"\\ude00\"", true),
        ("\"\\ud83da\"", true),
        ("\"\\ud83d\\n\"", true),
        ("\"\\ud83d\\ud83d\"", true),
        ("\"\\ude00\\ud83d\"", true),
        ("\"\\ud83d\\u0041\"", true),
        ("\"\\ud83d\\ud83d\\ude00\"", true),
        ("{\"\\ud83d\":1}", true),
        // A byte order mark must not be sent; we may refuse it and do.
        ("\u{FEFF}[]", false),
        ("\u{FEFF}", false),
        // Inside a string it is a character like others. Foundation drops it at the beginning of one.
        ("\"\u{FEFF}\"", true),
    ]

    /// Bytes that are no UTF-8 in a string, and what they are.
    static let malformed: [(what: String, bytes: [UInt8])] = [
        ("a continuation alone", [0x80]), ("another", [0xBF]), ("two of them", [0x80, 0x80]),
        ("overlong U+0000 in two bytes", [0xC0, 0x80]), ("overlong slash", [0xC0, 0xAF]),
        ("overlong U+007F", [0xC1, 0xBF]), ("a lead of two and nothing", [0xC2]),
        ("a lead of two and ASCII", [0xC2, 0x41]),
        ("a lead of two and a lead", [0xC2, 0xC2]), ("a lead of two and a quote", [0xDF]),
        ("overlong U+0000 in three bytes", [0xE0, 0x80, 0x80]), ("overlong U+07FF", [0xE0, 0x9F, 0xBF]),
        ("a lead of three and nothing", [0xE1]), ("a lead of three and one", [0xE1, 0x80]),
        ("a lead of three, one and ASCII", [0xE1, 0x80, 0x41]), ("a lead of three and ASCII", [0xEF, 0x41, 0x80]),
        ("the first surrogate", [0xED, 0xA0, 0x80]), ("the last surrogate", [0xED, 0xBF, 0xBF]),
        ("a pair of surrogates", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]),
        ("overlong in four bytes", [0xF0, 0x80, 0x80, 0x80]), ("overlong U+FFFF", [0xF0, 0x8F, 0xBF, 0xBF]),
        ("a lead of four and nothing", [0xF0]), ("a lead of four and one", [0xF0, 0x90]),
        ("a lead of four and two", [0xF0, 0x90, 0x80]), ("a lead of four, two and ASCII", [0xF0, 0x90, 0x80, 0x41]),
        ("above U+10FFFF", [0xF4, 0x90, 0x80, 0x80]), ("far above", [0xF5, 0x80, 0x80, 0x80]),
        ("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]), ("six bytes", [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]),
        ("0xFE", [0xFE]), ("0xFF", [0xFF]), ("Latin-1", [0x63, 0x61, 0x66, 0xE9]),
        ("Windows-1252", [0x93, 0x61, 0x94]),
        ("GBK", [0xC4, 0xE3, 0xBA, 0xC3]),
    ]
}
