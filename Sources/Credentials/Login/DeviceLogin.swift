// SPDX-License-Identifier: Apache-2.0

import Configuration
internal import FoundationEssentials

/// A login on a device without a browser of its own (RFC 8628): the user confirms on a web page, anywhere, while we ask again
/// and again. What comes is written into the file as `qwen` would write it.
package struct DeviceLogin: Sendable {
    private static let grantType = "urn:ietf:params:oauth:grant-type:device_code"

    let server: AuthorizationServer
    let file: CredentialsFile

    /// - Parameter file: where the login is kept when it succeeds.
    package init(server: AuthorizationServer, file: CredentialsFile) {
        self.server = server
        self.file = file
    }

    /// Takes as long as the user does. Cancelling its task ends it, unless the token is there already.
    package func run(_ report: (DeviceAuthorization) -> Void) async throws(LoginFailure) -> OAuthCredentials {
        let key = ProofKey()
        let authorization = try await self.begin(key)
        report(authorization)
        let grant = try await self.grant(authorization, key)
        // Not a child: a caller that goes away now must not take the token along.
        let saved = await Task { await self.save(grant.applied(to: nil, at: Date())) }.value
        return try saved.get()
    }

    private func begin(_ key: ProofKey) async throws(LoginFailure) -> DeviceAuthorization {
        let settings = self.server.settings
        let reply: AuthorizationServerReply
        do {
            // `qwen` sends a request ID here, and with no other request.
            reply = try await self.server.post(
                to: settings.deviceURL,
                [
                    ("client_id", settings.clientID), ("scope", settings.scope), ("code_challenge", key.challenge),
                    ("code_challenge_method", ProofKey.method),
                ], headers: [("x-request-id", UUID().uuidString.lowercased())])
        } catch {
            throw .unreachable(reason: error.description)
        }
        guard let authorization = DeviceAuthorization(reply) else {
            throw .refused(reason: reply.words)
        }
        return authorization
    }

    private func grant(_ authorization: DeviceAuthorization, _ key: ProofKey) async throws(LoginFailure) -> TokenGrant {
        var polling = DevicePolling(authorization, at: .now)
        var pause = polling.firstPause
        while true {
            do { try await Task.sleep(for: pause) } catch { throw .cancelled }
            // No reply is an answer like any other: the user has minutes, in which the network can come back.
            let reply = try? await self.server.post(
                to: self.server.settings.tokenURL,
                [
                    ("grant_type", Self.grantType), ("client_id", self.server.settings.clientID),
                    ("device_code", authorization.deviceCode.reveal()), ("code_verifier", key.verifier.reveal()),
                ])
            switch polling.received(reply, at: .now) {
            case .wait(let next): pause = next
            case .granted(let grant): return grant
            case .failed(let failure): throw failure
            }
        }
    }

    private func save(_ credentials: OAuthCredentials) async -> Result<OAuthCredentials, LoginFailure> {
        do throws(CredentialsFile.WriteFailure) {
            try self.file.makeDirectory()
        } catch {
            return .failure(.notSaved(path: self.file.path, reason: "\(error)"))
        }
        do throws(CredentialsLock.Failure) {
            return try await CredentialsLock.held(at: self.file.lockPath) { _ in
                do throws(CredentialsFile.WriteFailure) {
                    try self.file.write(credentials)
                    return .success(credentials)
                } catch {
                    return .failure(.notSaved(path: self.file.path, reason: "\(error)"))
                }
            }
        } catch {
            return .failure(.notSaved(path: self.file.path, reason: "\(error)"))
        }
    }
}

/// Why there is no login. In words for the user.
package enum LoginFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case expired
    case denied
    /// The server does not want to.
    case refused(reason: String)
    case unreachable(reason: String)
    case notSaved(path: String, reason: String)
    /// The client that asked has hung up.
    case cancelled

    package var description: String {
        switch self {
        case .expired: "The code was not confirmed in time. Try again with `qwenproxyctl login`."
        case .denied: "The login was declined on the web page."
        case .refused(let reason): "The login server refused: \(reason). \(LoginAdvice.closedTier)"
        case .unreachable(let reason): "The login server could not be asked: \(reason)."
        case .notSaved(let path, let reason): "The login could not be saved in \(path): \(reason)."
        case .cancelled: "The login was cancelled."
        }
    }
}
