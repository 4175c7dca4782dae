// SPDX-License-Identifier: Apache-2.0

import Logging
import Shared
import Testing

@testable import DaemonLogging

@Suite struct DaemonLogHandlerTests {
    private let recorder = RecordingWriter()
    private let level = LogLevelSwitch(.info)

    private func logger(_ label: String = "test", provider: Logger.MetadataProvider? = nil) -> Logger {
        Logger(label: label) {
            DaemonLogHandler(label: $0, level: self.level, writer: self.recorder, metadataProvider: provider)
        }
    }

    @Test func `the shared level counts for loggers that exist already`() {
        let (first, second) = (self.logger("a"), self.logger("b"))
        first.debug("not yet")
        self.level.level = .debug
        first.debug("one")
        second.debug("two")
        self.level.level = .error
        first.warning("no more")
        #expect(self.recorder.records.map(\.message) == ["one", "two"])
    }

    @Test func `a subsystem can have a level of its own, for loggers that exist already`() {
        let (server, watcher, other) = (self.logger("server"), self.logger("credentials.watcher"), self.logger("other"))
        self.level.override(for: .server).level = .debug
        self.level.override(for: .credentials).level = .error
        server.debug("one")
        watcher.warning("not this")
        other.debug("nor this")
        self.level.override(for: .server).level = nil
        self.level.override(for: .credentials).level = nil
        server.debug("no more")
        watcher.warning("two")
        #expect(self.recorder.records.map(\.message) == ["one", "two"])
    }

    @Test func `a logger with a level of its own keeps it, and its copies only`() {
        let original = self.logger()
        var copy = original
        copy.logLevel = .trace
        self.level.level = .critical
        copy.trace("kept")
        original.error("dropped")
        #expect(self.recorder.records.map(\.message) == ["kept"])
    }

    @Test func `metadata is merged, the nearest wins, and sorted`() {
        var logger = self.logger(provider: Logger.MetadataProvider { ["b": "provided", "c": "provided"] })
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "b"] = "logger"
        logger.info("m", metadata: ["c": "call", "d": ["x", "y"]])
        let metadata = self.recorder.records[0].metadata
        #expect(metadata.map(\.key) == ["a", "b", "c", "d"])
        #expect(metadata.prefix(3).map(\.value.description) == ["logger", "provided", "call"])
    }

    @Test func `no record holds a secret that is in use`() {
        Redactor.process.add("sk-logged-key")
        defer { Redactor.process.remove("sk-logged-key") }
        self.logger().info("a sk-logged-key", metadata: ["b": "key=sk%2Dlogged%2Dkey", "c": ["sk-logged-key"]])
        #expect(self.recorder.records[0].message == "a ***")
        #expect(self.recorder.records[0].metadata.map(\.value.description) == ["key=***", "[\"***\"]"])
    }
}
