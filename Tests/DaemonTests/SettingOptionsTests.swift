// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging
import Shared
import Testing

@testable import Configuration
@testable import qwenproxyd

@Suite struct SettingOptionsTests {
    @Test func `every flag of the table is an option, and the other way round`() throws {
        let flags = Setting.all.compactMap(\.flag).sorted()
        let options = try SettingOptions.parse(flags.flatMap { [$0, "x"] })
        #expect(options.flags.keys.sorted() == flags)
    }

    @Test func `both lists of log levels are the same`() {
        #expect(LogLevel.allCases.map(\.rawValue) == Logger.Level.allCases.map(\.rawValue))
    }
}
