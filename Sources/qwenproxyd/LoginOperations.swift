// SPDX-License-Identifier: Apache-2.0

import Configuration
import Credentials
import Shared
import Transport

/// The part of the control interface that has to do with the Qwen login.
struct LoginOperations: Sendable {
    let credentials: CredentialStore
    let configuration: ConfigurationStore
    let client: UpstreamClient

    func refreshToken() async throws(ControlError) -> CredentialsStatus {
        do throws(CredentialError) {
            try await self.credentials.renew()
        } catch {
            throw .credentialsFailed(reason: error.description)
        }
        return CredentialsStatus(self.credentials.status())
    }

    func login(_ report: (LoginReport) -> Void) async throws(ControlError) -> LoginReport {
        let configuration = self.configuration.current
        let file = CredentialsFile(path: configuration.oauth.credentialsPath)
        let server = AuthorizationServer(
            client: self.client, settings: configuration.oauth, userAgent: configuration.upstream.userAgent)
        let login: OAuthCredentials
        do throws(LoginFailure) {
            login = try await DeviceLogin(server: server, file: file).run { authorization in
                report(LoginReport(authorization))
            }
        } catch {
            throw .credentialsFailed(reason: error.description)
        }
        // Not left to the watcher: the reply says whether the login is in use.
        self.credentials.reload()
        let isInUse = if case .oauth = self.credentials.mode { true } else { false }
        return LoginReport(
            state: .done, expiresAt: login.expiry.map(Timestamp.init), path: file.path, inUse: isInUse)
    }

    func logout() async throws(ControlError) -> LogoutReport {
        let file = CredentialsFile(path: self.configuration.current.oauth.credentialsPath)
        let isRemoved: Bool
        do {
            isRemoved = try await file.removeLocked()
        } catch {
            throw .credentialsFailed(reason: "The login in \(file.path) was not removed: \(error)")
        }
        self.credentials.reload()
        return LogoutReport(path: file.path, removed: isRemoved)
    }
}

extension LoginReport {
    fileprivate init(_ authorization: DeviceAuthorization) {
        let now = Timestamp.now().secondsSinceEpoch
        self.init(
            state: .waiting, verificationURI: authorization.verificationURI,
            verificationURIComplete: authorization.verificationURIComplete, userCode: authorization.userCode,
            expiresAt: Timestamp(secondsSinceEpoch: now + Int64(authorization.lifetime / .seconds(1))))
    }
}
