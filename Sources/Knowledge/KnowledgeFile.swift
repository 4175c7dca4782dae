// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Shared

/// The file that keeps what was learned across restarts.
///
/// Two daemons may have it, one that takes over and one that ends: each write replaces the file as a whole, and the last
/// one counts.
package struct KnowledgeFile: Sendable {
    /// Why the file could not be read or written.
    package enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// The file is not what we write. It now has the name `movedTo`, if that could be done.
        case unusable(reason: String, movedTo: String?)
        case failed(operation: String, reason: String)

        package var description: String {
            switch self {
            case .unusable(let reason, let path?): "it cannot be used (\(reason)) and was moved to \(path)"
            case .unusable(let reason, nil): "it cannot be used: \(reason)"
            case .failed(let operation, let reason): "\(operation) failed: \(reason)"
            }
        }
    }

    /// Of a table that is full, with long names.
    static let limit = 4 << 20

    /// Absolute.
    package let path: String

    /// - Parameter directory: made when it is missing, for its owner alone.
    package init(directory: String) {
        self.path = directory + "/knowledge.json"
    }

    /// Nil without a file. What can be read of an older or damaged entry is kept.
    func read(at now: Timestamp) throws(Failure) -> KnowledgeTable? {
        guard let bytes = try self.bytes() else { return nil }
        do throws(KnowledgeFormat.Mistake) {
            return try KnowledgeFormat.table(from: bytes, at: now)
        } catch {
            throw self.setAside("\(error)")
        }
    }

    func write(_ table: KnowledgeTable) throws(Failure) {
        do throws(ReplacedFile.Failure) {
            try ReplacedFile.write(KnowledgeFormat.bytes(of: table), to: self.path)
        } catch {
            throw .failed(operation: error.operation, reason: error.reason)
        }
    }

    private func bytes() throws(Failure) -> [UInt8]? {
        do throws(RegularFile.Failure) {
            return try RegularFile.read(self.path, limit: Self.limit).bytes
        } catch {
            switch error {
            case .missing: return nil
            case .notRegular, .tooLarge: throw self.setAside("\(error)")
            case .unreadable(let code): throw .failed(operation: "read", reason: SystemError.text(code))
            }
        }
    }

    private func setAside(_ reason: String) -> Failure {
        // Kept, because a newer version may have written it.
        let path = self.path + ".unusable"
        return .unusable(reason: reason, movedTo: unsafe rename(self.path, path) == 0 ? path : nil)
    }
}
