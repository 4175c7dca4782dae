// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import Testing

@testable import Configuration

@Suite struct SettingTests {
    @Test func `no two settings share a name`() {
        #expect(Set(Setting.all.map(\.key)).count == Setting.all.count)
        let variables = Setting.all.compactMap(\.environment)
        #expect(Set(variables).count == variables.count)
        let flags = Setting.all.compactMap(\.flag)
        #expect(Set(flags).count == flags.count)
        #expect(variables.allSatisfy { $0.hasPrefix("QWEN_") })
    }

    @Test func `no secret can be given on the command line`() {
        #expect(Setting.all.filter(\.isSecret).allSatisfy { $0.flag == nil })
    }

    @Test func `every variable that was promised exists`() {
        let promised = """
            LOG_LEVEL HOST PORT API_KEY API_KEY_FILE BASE_URL MODEL MAX_RETRIES RETRY_DELAY CONNECT_TIMEOUT \
            FIRST_BYTE_TIMEOUT STALL_TIMEOUT PING_INTERVAL DRAIN_TIMEOUT MAX_BODY_BYTES LOCAL_API_KEY ALLOWED_HOSTS HOME \
            AUTH USER_AGENT CONTROL_SOCKET EVENT_LOOPS CA_FILE TRUSTED_HOSTS
            """
        let variables = Set(Setting.all.compactMap(\.environment))
        for name in promised.split(separator: " ") { #expect(variables.contains("QWEN_\(name)")) }
    }

    /// A document, and the table that it holds between two marks: "*" is nothing in the first, and "/" in the second.
    static let documents = [
        ("docs/configuration.md", "<!-- *settings -->", Setting.markdown),
        ("README.md", "<!-- *variables -->", Setting.variablesMarkdown),
        ("docs/man/qwenproxyd.toml.5", #".\" *settings"#, Setting.manual),
    ]

    /// Set QWENPROXYD_UPDATE_DOCS=1 to write the tables instead.
    @Test(arguments: Self.documents)
    func `the documentation holds the table of all settings as it is`(path: String, mark: String, table: String) throws
    {
        let file = Self.root.appending(path: path)
        let text = try String(contentsOf: file, encoding: .utf8)
        let begin = try #require(text.range(of: mark.replacing("*", with: "") + "\n"))
        let end = try #require(text.range(of: "\n" + mark.replacing("*", with: "/")))
        if ProcessInfo.processInfo.environment["QWENPROXYD_UPDATE_DOCS"] == "1" {
            let updated = text[..<begin.upperBound] + table + text[end.lowerBound...]
            try updated.write(to: file.resolvingSymlinksInPath(), atomically: false, encoding: .utf8)
        } else {
            #expect(text[begin.upperBound..<end.lowerBound] == table)
        }
    }

    @Test func `the documentation names every preset`() throws {
        let text = try String(contentsOf: Self.root.appending(path: "docs/configuration.md"), encoding: .utf8)
        for preset in Catalog.shipped.presets {
            #expect(
                text.contains("`\(preset.name)`") && preset.baseURL.map { text.contains($0) } != false, "\(preset.name)"
            )
        }
    }

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
