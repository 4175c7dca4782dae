// SPDX-License-Identifier: Apache-2.0

package import Logging
import Shared

/// swift-log's back end: gathers a record and hands it to the writer.
package struct DaemonLogHandler: LogHandler {
    let label: String
    /// Of this logger, in addition to what a message brings.
    package var metadata: Logger.Metadata = [:]
    /// Asked for each message.
    package var metadataProvider: Logger.MetadataProvider?

    private let sharedLevel: LogLevelSwitch
    /// Nil for a logger of no subsystem.
    private let subsystemLevel: LogLevelSwitch.Override?
    private let writer: any LogWriter
    /// Set only for a logger that was given a level of its own.
    private var ownLevel: Logger.Level?

    package init(
        label: String, level: LogLevelSwitch, writer: any LogWriter, metadataProvider: Logger.MetadataProvider? = nil,
    ) {
        self.label = label
        self.sharedLevel = level
        // Looked up here and not for each message.
        self.subsystemLevel = LogSubsystem(label: label).map(level.override)
        self.writer = writer
        self.metadataProvider = metadataProvider
    }

    /// The logger's own level, else its subsystem's, else the shared one. Setting it is for this logger alone.
    package var logLevel: Logger.Level {
        get { self.ownLevel ?? self.subsystemLevel?.level ?? self.sharedLevel.level }
        set { self.ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        // What is nearest to the call wins.
        var merged = self.metadata
        if let provided = self.metadataProvider?.get() {
            merged.merge(provided) { $1 }
        }
        if let given = event.metadata {
            merged.merge(given) { $1 }
        }
        if let error = event.error, merged["error"] == nil {
            merged["error"] = "\(error)"
        }
        // Whatever the text came from, and whichever writer takes it.
        let redactor = Redactor.process
        let record = LogRecord(
            level: event.level,
            label: self.label,
            message: redactor.hiding("\(event.message)"),
            // In a fixed order, so that lines can be compared.
            metadata: merged.map { ($0.key, LogRecord.Value($0.value).hidden(by: redactor)) }.sorted { $0.0 < $1.0 },
        )
        self.writer.write(record)
    }
}
