// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import qwenproxyd

/// Keeps what was logged.
final class RecordingWriter: LogWriter {
    private let kept = Mutex<[LogRecord]>([])

    var records: [LogRecord] { self.kept.withLock { $0 } }

    private let written = Counter()

    func write(_ record: LogRecord) {
        self.kept.withLock { $0.append(record) }
        self.written.increment()
    }

    func waitForRecord() async {
        await self.written.waitForIncrement()
    }
}
