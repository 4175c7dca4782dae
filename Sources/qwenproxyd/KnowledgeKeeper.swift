// SPDX-License-Identifier: Apache-2.0

import Knowledge
import Logging
import Shared

/// Brings what was learned about models to the disk, without keeping a request waiting.
struct KnowledgeKeeper: Sendable {
    let store: KnowledgeStore
    let logger: Logger

    /// Lessons come in groups, and none is lost that a second request would not teach again.
    private static let delay = Duration.seconds(2)

    /// Reads what was kept where `environment` says. A file that cannot be used is told and left alone.
    init(environment: [String: String], logger: Logger) {
        let directory = StateDirectory.path(environment: environment)
        self.store = KnowledgeStore(file: directory.map { KnowledgeFile(directory: $0) })
        self.logger = logger
        do throws(KnowledgeFile.Failure) {
            try self.store.load()
        } catch {
            logger.warning("What was learned about models was not read", metadata: ["error.message": "\(error)"])
        }
    }

    /// Writes after changes, until it is cancelled.
    func run() async throws {
        for await _ in self.store.changes {
            try await Task.sleep(for: Self.delay)
            self.save()
        }
    }

    /// Writes what is new. The last one to do so comes after the last request.
    func save() {
        do throws(KnowledgeFile.Failure) {
            try self.store.save()
        } catch {
            self.logger.warning("What was learned about models was not kept", metadata: ["error.message": "\(error)"])
        }
    }
}
