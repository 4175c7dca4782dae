// SPDX-License-Identifier: Apache-2.0

import Configuration
internal import FoundationEssentials

/// Carries one renewal out: takes the lock, looks whether another program was quicker, asks the server, and saves what comes.
struct TokenRefresher: Sendable {
    /// How often the lock is touched, well below the age at which others take it for left over.
    private static let touchInterval: Duration = .seconds(2)
    private static let savingAttempts = 5

    let server: AuthorizationServer
    var savingPause: Duration = .milliseconds(500)

    func run(_ order: TokenRenewal.Order) async -> TokenRenewal.Outcome {
        let file = CredentialsFile(path: order.path)
        do throws(CredentialsLock.Failure) {
            return try await CredentialsLock.held(at: file.lockPath) { lock in
                await self.renew(order, file, under: lock)
            }
        } catch {
            return .failed(reason: "\(error)", retryAfter: nil)
        }
    }

    private func renew(
        _ order: TokenRenewal.Order, _ file: CredentialsFile, under lock: CredentialsLock,
    ) async -> TokenRenewal.Outcome {
        // Read again under the lock: what was known before it may be old.
        guard case .credentials(var credentials, _) = file.read() else { return .vanished }
        // The file still has the refresh token that was used up when its successor could not be written.
        if let unsaved = order.unsaved, unsaved.replaces(credentials) { credentials = unsaved.credentials }
        // The program that held the lock before may have renewed the token. One that is about to end is no use.
        if credentials.accessToken != order.accessToken, credentials.expiry.map({ $0 > Date() + 30 }) ?? true {
            return .replaced
        }
        guard let refreshToken = credentials.refreshToken else {
            return .failed(reason: "the file holds no refresh token", retryAfter: nil)
        }
        switch await self.ask(with: refreshToken, touching: lock) {
        case .granted(let grant):
            let new = grant.applied(to: credentials, at: Date())
            let failure = await self.save(new, in: file)
            return .granted(
                grant, unsaved: failure == nil ? nil : .init(credentials: new, refreshToken: refreshToken),
                problem: failure)
        case .rejected(let reason):
            // A program that does not know the lock may have used the refresh token before us, with success.
            if case .credentials(let latest, _) = file.read(), latest.refreshToken != refreshToken { return .replaced }
            return .rejected(refreshToken: refreshToken, reason: reason)
        case .failed(let reason, let retryAfter):
            return .failed(reason: reason, retryAfter: retryAfter)
        }
    }

    private func ask(with refreshToken: Secret, touching lock: CredentialsLock) async -> RefreshVerdict {
        await lock.alive(touching: Self.touchInterval) {
            do throws(AuthorizationServer.Unreachable) {
                return RefreshVerdict(try await self.server.refresh(with: refreshToken))
            } catch {
                return .failed(reason: "\(error)", retryAfter: nil)
            }
        }
    }

    /// The old refresh token is used up: what cannot be saved at once is tried again before it is given up.
    private func save(_ credentials: OAuthCredentials, in file: CredentialsFile) async -> CredentialsFile.WriteFailure?
    {
        var attempt = 1
        while true {
            do throws(CredentialsFile.WriteFailure) {
                try file.write(credentials)
                return nil
            } catch {
                guard attempt < Self.savingAttempts else { return error }
                attempt += 1
                try? await Task.sleep(for: self.savingPause)
            }
        }
    }
}
