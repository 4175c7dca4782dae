// SPDX-License-Identifier: Apache-2.0

import Shared

/// A record as the fields of a journal entry (systemd.journal-fields(7)), each `NAME=value`.
enum JournalFields {
    /// Metadata with a name of its own in the journal. It is part of what users may rely on. Other metadata gets
    /// `QWENPROXYD_` and its key.
    static let names = [
        "agent.id": "AGENT_ID",
        "agent.parent": "PARENT_AGENT_ID",
        "agent.type": "AGENT_TYPE",
        "request.auxiliary": "AUXILIARY_TYPE",
        "request.class": "REQUEST_CLASS",
        "request.compaction": "COMPACTION",
        "request.id": "REQUEST_ID",
        "request.interventions": "INTERVENTIONS",
        "request.model": "MODEL",
        "request.duration": "DURATION_USEC",
        "request.first-byte": "TTFB_USEC",
        "response.status": "STATUS",
        "request.verdicts": "VERDICTS",
        "retry.pause": "RETRY_PAUSE_USEC",
        "session.id": "SESSION_ID",
        "upstream.name": "UPSTREAM",
        "usage.cached": "CACHED_TOKENS",
        "usage.input": "INPUT_TOKENS",
        "usage.output": "OUTPUT_TOKENS",
    ]

    static func encode(_ record: LogRecord) -> [[UInt8]] {
        var message = Array("MESSAGE=".utf8)
        LogLineFormat.appendText(of: record, to: &message)
        let common = [
            message,
            Array("PRIORITY=\(LogLineFormat.priority(of: record.level))".utf8),
            Array("SYSLOG_IDENTIFIER=\(Version.product)".utf8),
            Array("QWENPROXYD_LOGGER=\(record.label)".utf8),
        ]
        return common + record.metadata.map { Self.field(Self.name(for: $0.key), $0.value) }
    }

    /// Letters, digits and underscores, at most 64 of them: journald drops a field with any other name.
    static func name(for key: String) -> String {
        if let name = Self.names[key] { return name }
        let letters = key.uppercased().unicodeScalars.map { scalar -> Character in
            let isAllowed = ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            return isAllowed ? Character(scalar) : "_"
        }
        return String(("QWENPROXYD_" + letters).prefix(64))
    }

    private static func field(_ name: String, _ value: LogRecord.Value) -> [UInt8] {
        var field = Array("\(name)=".utf8)
        switch value {
        // Journald is told the length of each field, so that a line of a value cannot become a field of its own.
        case .text(let text): LogText.append(text, to: &field, keepsLines: true)
        case .duration(let duration): field.append(contentsOf: "\(Int64(duration / .microseconds(1)))".utf8)
        }
        LogText.truncate(&field, to: LogLineFormat.maximumLength)
        return field
    }
}
