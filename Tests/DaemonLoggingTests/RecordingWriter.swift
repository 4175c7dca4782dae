// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import DaemonLogging

/// Keeps what was logged.
final class RecordingWriter: LogWriter {
    private let kept = Mutex<[LogRecord]>([])

    var records: [LogRecord] { self.kept.withLock { $0 } }

    func write(_ record: LogRecord) {
        self.kept.withLock { $0.append(record) }
    }
}
