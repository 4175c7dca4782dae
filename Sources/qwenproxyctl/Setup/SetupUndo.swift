// SPDX-License-Identifier: Apache-2.0

import Shared

/// Takes back what `setup` has written, and nothing else: what has been changed since stays, and is named.
struct SetupUndo {
    struct Report: Encodable, Equatable {
        /// What was taken back.
        var restored: [String] = []
        /// What has been changed since, and stays.
        var kept: [String] = []
    }

    let client: ControlClient
    let agrees: Bool

    func run() throws -> Report {
        do {
            let record = try SetupRecord.load()
            guard !record.isEmpty else { return Report() }
            Terminal.printNote(Self.lines(record))
            if !self.agrees { try Prompt.agreement("Take this back?") }
            return try EndSignals.held { try self.takeBack(record) }
        } catch let error as UserFile.Failure {
            throw ExitStatus.refused.exit(saying: error.message)
        }
    }

    static func lines(_ record: SetupRecord) -> [StyledText] {
        var lines = record.client.map { ["\($0.path): \($0.variables.map(\.name).joined(separator: ", "))"] } ?? []
        lines += record.files.map { "\(record.directory ?? "")/\($0.name)" }
        if record.enabledUnits { lines.append("the units of qwenproxyd, which were not enabled") }
        return [StyledText("Written by setup:")] + lines.map { StyledText("  - \($0)").hanging(by: 4) }
    }

    private func takeBack(_ record: SetupRecord) throws -> Report {
        var rest = record
        var report = Report()
        // First, so that Claude Code is not led to a daemon that has no upstream any more.
        if let client = record.client {
            do throws(ClientSettingsFile.Failure) {
                report.kept += try ClientSettingsFile(path: client.path).takeBack(client).map {
                    "\($0) in \(client.path)"
                }
            } catch {
                throw ExitStatus.refused.exit(saying: error.reason)
            }
            report.restored.append(client.path)
            rest.client = nil
            // After each part: an undo that fails further on is called again, and does not begin with this one.
            try rest.save()
        }
        try self.restoreFiles(of: &rest, &report)
        if rest.enabledUnits {
            if let problem = DaemonUnits.own.setEnabled(false) { throw ExitStatus.refused.exit(saying: problem) }
            report.restored.append(DaemonUnits.own.service)
        }
        try SetupRecord().save()
        return report
    }

    private func restoreFiles(of record: inout SetupRecord, _ report: inout Report) throws {
        guard let directory = record.directory, !record.files.isEmpty else { return }
        let editor = try UpstreamEditor(self.client)
        // The running daemon reads another directory; a reload would not show whether the files there are right.
        guard editor.directory.path == directory else {
            report.kept += record.files.map { "\(directory)/\($0.name)" }
            return
        }
        var changes: [UpstreamEditor.Change] = []
        for file in record.files {
            let now = try editor.directory.read(file.name)
            if now == file.before { continue }
            // A file that the user has removed since does not come back.
            if let now, SetupRecord.fingerprint(now) != file.written {
                report.kept.append(editor.directory.file(file.name))
            } else if now != nil {
                changes.append((file.name, file.before))
            }
        }
        try editor.apply(changes)
        report.restored += changes.map { editor.directory.file($0.name) }
        record.files = []
        try record.save()
    }
}
