// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The user's settings file of Claude Code, changed and restored.
struct ClientSettingsFile {
    enum Failure: Error, Equatable {
        case file(UserFile.Failure)
        case edit(path: String, ClientSettingsEdit.Failure)
        /// Something else wrote it between our look and our writing.
        case changedMeanwhile(path: String)
    }

    struct Change {
        fileprivate var contents: [UInt8]?
        fileprivate var bytes: [UInt8]
        fileprivate var record: ClientSettingsRecord

        /// What the file has for a variable now.
        func before(_ name: String) -> String? {
            self.contents.flatMap { ClientSettingsLayer.env(Data($0))[name] }
        }
    }

    let path: String

    /// Nil when the file says all of it already.
    func change(_ connection: ClientConnection) throws(Failure) -> Change? {
        let contents = try self.read()
        let earlier: ClientSettingsRecord?
        do throws(UserFile.Failure) {
            earlier = try SetupRecord.load().client.flatMap { $0.path == self.path ? $0 : nil }
        } catch {
            throw .file(error)
        }
        do throws(ClientSettingsEdit.Failure) {
            let (bytes, record) = try ClientSettingsEdit.write(
                connection.variables, to: contents, at: self.path, earlier: earlier)
            return bytes.map { Change(contents: contents, bytes: $0, record: record) }
        } catch {
            throw .edit(path: self.path, error)
        }
    }

    /// Writes the record and the file.
    func write(_ change: Change) throws(Failure) {
        try EndSignals.held { () throws(Failure) in
            // Claude Code writes this file as well, for instance when a model is chosen there.
            guard try self.read() == change.contents else { throw .changedMeanwhile(path: self.path) }
            do throws(UserFile.Failure) {
                let before = try SetupRecord.load()
                var record = before
                record.client = change.record
                // First, so that there is a record whatever ends us.
                try record.save()
                do throws(UserFile.Failure) {
                    try UserFile(path: self.path).replace(with: change.bytes)
                } catch {
                    // There is nothing to take back.
                    try before.save()
                    throw error
                }
            } catch {
                throw .file(error)
            }
        }
    }

    /// - Returns: the variables that have another value by now, and keep it.
    func takeBack(_ record: ClientSettingsRecord) throws(Failure) -> [String] {
        // The user has removed the file, and with it all that was ours.
        guard let contents = try self.read() else { return [] }
        let restoration: ClientSettingsEdit.Restoration
        do throws(ClientSettingsEdit.Failure) {
            restoration = try ClientSettingsEdit.takeBack(record, from: contents)
        } catch {
            throw .edit(path: self.path, error)
        }
        do throws(UserFile.Failure) {
            let file = UserFile(path: self.path)
            if let bytes = restoration.bytes {
                if bytes != contents { try file.replace(with: bytes) }
            } else {
                try file.remove()
            }
        } catch {
            throw .file(error)
        }
        return restoration.kept
    }

    private func read() throws(Failure) -> [UInt8]? {
        do throws(UserFile.Failure) {
            return try UserFile(path: self.path).readIfPresent()
        } catch {
            throw .file(error)
        }
    }
}

extension ClientSettingsFile.Failure {
    var reason: String {
        switch self {
        case .file(let failure): failure.message
        case .edit(let path, let failure): "\(path) cannot be changed: \(failure.reason)."
        case .changedMeanwhile(let path): "\(path) was changed meanwhile. Run this again."
        }
    }
}
