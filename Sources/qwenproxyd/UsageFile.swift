// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Shared

/// The file that keeps what models did across restarts.
///
/// Two daemons may have it, one that takes over and one that finishes its answers: each adds what it has counted itself, one
/// after the other.
struct UsageFile: Sendable {
    /// Why the file could not be written.
    enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// Another process writes just now.
        case busy
        case failed(ReplacedFile.Failure)

        var description: String {
            switch self {
            case .busy: "another process keeps the file locked"
            case .failed(let failure): "\(failure)"
            }
        }
    }

    /// Of as many days and models as are remembered, with long names.
    private static let limit = 4 << 20

    private let path: String

    /// - Parameter directory: made when it is missing, for its owner alone.
    init(directory: String) {
        self.path = "\(directory)/usage.json"
    }

    /// Nothing without a file, and nothing of one that was damaged: counts are no reason to keep a daemon from working.
    func read() -> UsageReport {
        guard let file = try? RegularFile.read(self.path, limit: Self.limit),
            let report = try? JSONDecoder().decode(UsageReport.self, from: Data(file.bytes))
        else { return UsageReport(today: "") }
        return report
    }

    /// Adds to what the file says now.
    func add(_ more: UsageReport) throws(Failure) {
        do throws(ReplacedFile.Failure) {
            try ReplacedFile.makeDirectory(of: self.path)
        } catch {
            throw .failed(error)
        }
        // The lock has a file of its own: the other one is replaced.
        let descriptor = unsafe open("\(self.path).lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .failed(.init(operation: "open", reason: SystemError.last)) }
        let lock = OwnedDescriptor(descriptor)
        // Not waited for here: this runs on a thread of the pool that all tasks share.
        guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else { throw .busy }
        // Under the lock: what another process has added since the last look stays.
        var report = self.read()
        report.add(more)
        do throws(ReplacedFile.Failure) {
            try ReplacedFile.write(SortedJSON.encode(report), to: self.path)
        } catch {
            throw .failed(error)
        }
    }
}
