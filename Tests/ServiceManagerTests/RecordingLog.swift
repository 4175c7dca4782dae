// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Keeps what was logged.
final class RecordingLog: Sendable {
    private let kept = Mutex<[LogEvent]>([])
    private let written = Counter()

    var records: [LogEvent] { self.kept.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    func waitForRecord() async {
        await self.written.waitForIncrement()
    }

    private func record(_ event: LogEvent) {
        self.kept.withLock { $0.append(event) }
        self.written.increment()
    }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) { self.log.record(event) }
    }
}
