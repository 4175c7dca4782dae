// SPDX-License-Identifier: Apache-2.0

import Shared

/// Makes the changes of a plan, has the model answer once, and takes the changes back when something is in the way.
/// Ctrl-C waits until the one or the other is complete.
struct SetupTransaction {
    enum Outcome {
        case done(UpstreamTestReport?)
        /// Everything is as it was.
        /// - Parameter isFinal: it cannot be done at all; else only the test failed.
        case failed(String, isFinal: Bool)
        case interrupted
        /// Something was in the way of taking the changes back as well; they are still recorded, for `setup --undo`.
        case stuck(String)
    }

    let client: ControlClient
    let editor: UpstreamEditor
    let plan: SetupPlan
    let upstream: String

    func run(tests: Bool) throws -> Outcome {
        do throws(UserFile.Failure) {
            let before = try SetupRecord.load()
            return try EndSignals.held { () throws(UserFile.Failure) in
                // First, so that whatever ends us there is a record of what may have been done.
                try self.record(before).save()
                let outcome = self.make(tests: tests)
                switch outcome {
                // A record that is kept is what "setup --undo" works with.
                case .done, .stuck: break
                case .failed, .interrupted: try before.save()
                }
                return outcome
            }
        } catch {
            throw ExitStatus.refused.exit(saying: error.message)
        }
    }

    private func record(_ before: SetupRecord) -> SetupRecord {
        var record = before
        for file in self.plan.files {
            record.add((file.name, file.text), before: file.before, in: self.editor.directory.path)
        }
        if self.plan.enable != nil, case .present(isEnabled: false, _) = ServiceState.current() {
            record.enabledUnits = true
        }
        return record
    }

    private func make(tests: Bool) -> Outcome {
        // Files before units: a daemon that starts now reads them at once.
        let mistakes = self.editor.attempt(self.plan.changes)
        guard mistakes.isEmpty else { return .failed(mistakes.joined(separator: "\n  "), isFinal: true) }
        // Looked at before: what was enabled already stays so when the changes are taken back.
        let wasEnabled = ServiceState.current().isEnabled
        if self.plan.enable != nil, let problem = DaemonUnits.own.setEnabled(true) {
            return self.takenBack(wasEnabled: wasEnabled, .failed(problem, isFinal: true))
        }
        // Without a daemon nobody could ask the model.
        guard tests, self.editor.isRunning || self.plan.enable != nil else { return .done(nil) }
        let failure: String
        do throws(ControlError) {
            guard let report = try UpstreamTrial.run(self.client, self.upstream) else {
                return self.takenBack(wasEnabled: wasEnabled, .interrupted)
            }
            guard !report.succeeded else { return .done(report) }
            failure = UpstreamLine.text(report)
        } catch {
            failure = Failure(error).message
        }
        return self.takenBack(wasEnabled: wasEnabled, .failed(failure, isFinal: false))
    }

    /// Takes the changes back. Returns `outcome` when that was possible.
    private func takenBack(wasEnabled: Bool, _ outcome: Outcome) -> Outcome {
        var problems = self.editor.attempt(self.plan.files.map { ($0.name, $0.before) })
        if self.plan.enable != nil, !wasEnabled, let problem = DaemonUnits.own.setEnabled(false) {
            problems.append(problem)
        }
        return problems.isEmpty ? outcome : .stuck(problems.joined(separator: "\n  "))
    }
}

extension ServiceState {
    fileprivate var isEnabled: Bool {
        switch self {
        case .absent: false
        case .present(let isEnabled, _): isEnabled
        }
    }
}

extension DaemonUnits {
    /// - Returns: what systemd had to object; nil when it did as told.
    func setEnabled(_ isEnabled: Bool) -> String? {
        guard let systemctl = ExternalProgram(named: "systemctl") else { return "There is no systemctl." }
        let verb = isEnabled ? "enable" : "disable"
        do throws(ExternalProgram.Failure) {
            let output = try systemctl.run(self.managerOption + [verb, "--now", self.service] + self.sockets)
            guard output.status == 0 else { throw ExternalProgram.Failure(reason: output.errors) }
            return nil
        } catch {
            return "systemctl \(verb) failed: \(error.reason)"
        }
    }
}
