// SPDX-License-Identifier: Apache-2.0

import Configuration
internal import FoundationEssentials
import Shared

/// What we know about our credentials, and what that means for a request. A pure value; `CredentialStore` owns it.
struct CredentialStateMachine: Sendable {
    enum State: Sendable, Equatable {
        /// The authorization never changes. Left only by a new configuration.
        case fixed(UpstreamAuthorization)
        /// There is no upstream. Left when a credentials file appears, if the configuration allows, or by a new one.
        case demo
        /// OAuth without a file. Every look at the file decides anew between this and the next two.
        case missing
        case invalid(reason: String)
        case loaded(Loaded)
    }

    struct Loaded: Sendable, Equatable {
        var authorization: UpstreamAuthorization
        var refreshToken: Secret?
        var expiry: Date?
        var modified: Date
    }

    enum TokenAction: Sendable, Equatable {
        case deliver(UpstreamAuthorization)
        case fail(CredentialError)
        /// A renewal runs or is about to. Ask again when it has ended.
        case await
    }

    private(set) var state = State.demo
    private(set) var mode = UpstreamMode.demo
    /// Whether there is a task that carries renewals out.
    var canRenew: Bool
    var renewal = TokenRenewal()
    private(set) var selection: UpstreamSelection
    /// From 0 to 1: spreads the renewals of programs that share a file.
    let jitter: Double
    private var lastTicket = 0
    private var appliedTicket = 0

    init(_ selection: UpstreamSelection, canRenew: Bool = false, jitter: Double = 0) {
        self.selection = selection
        self.canRenew = canRenew
        self.jitter = jitter
    }

    /// A look at the file begins. The ticket says in which order the looks began: of two that overlap, the one that
    /// began last knows better, whichever ends first.
    mutating func lookStarted() -> Int {
        self.lastTicket += 1
        return self.lastTicket
    }

    /// A look at the file has ended. `selection` is the one under which it began.
    mutating func looked(_ content: CredentialsFile.Content, selection: UpstreamSelection, ticket: Int) {
        // A look that began later has ended before this one.
        guard ticket > self.appliedTicket else { return }
        self.appliedTicket = ticket
        self.decideMode(selection, fileExists: content != .missing)
        switch self.mode {
        case .apiKey(let key, let baseURL):
            self.state = .fixed(UpstreamAuthorization(kind: .apiKey, baseURL: baseURL, bearer: key))
        case .open(let baseURL):
            self.state = .fixed(UpstreamAuthorization(kind: .open, baseURL: baseURL, bearer: nil))
        case .demo:
            self.state = .demo
        case .oauth(_, let baseURL):
            self.state = self.state(of: content, baseURL: baseURL, trusting: selection.trustedHosts)
        }
        // Requests may wait for a renewal of a login that is gone now: they must be told.
        if case .loaded = self.state { return }
        self.renewal.abandoned()
    }

    mutating func tokenWanted(at now: Moment) -> TokenAction {
        switch self.state(at: now.wall) {
        case .fixed(let authorization): return .deliver(authorization)
        case .demo: return .fail(.noUpstream)
        case .missing: return .fail(.missing(path: self.selection.credentialsPath))
        case .invalid(let reason): return .fail(.invalid(path: self.selection.credentialsPath, reason: reason))
        case .loaded(let loaded): return self.tokenWanted(of: loaded, at: now)
        }
    }

    /// A server on this machine that the user named is asked without credentials where the login is of no use: few such
    /// servers want any, and most logins are left over from before the free tier was closed.
    func state(at now: Date) -> State {
        guard self.selection.authentication == .auto, let baseURL = self.selection.baseURL,
            HTTPAddress(baseURL).map({ HostScope($0.host) == .loopback }) == true
        else { return self.state }
        let open = State.fixed(UpstreamAuthorization(kind: .open, baseURL: baseURL, bearer: nil))
        switch self.state {
        case .missing, .invalid: return open
        case .loaded(let loaded): return loaded.expiry.map { $0 <= now } == true ? open : self.state
        case .fixed, .demo: return self.state
        }
    }

    /// A file that appears can turn the mode to OAuth. One that disappears does not turn it back: `qwen` deletes the file
    /// when its refresh token dies, and then the user wants to hear of it rather than be sent to another upstream.
    private mutating func decideMode(_ selection: UpstreamSelection, fileExists: Bool) {
        if case .oauth = self.mode, selection == self.selection { return }
        self.selection = selection
        self.mode = selection.mode(credentialsFileExists: fileExists)
    }

    private func state(
        of content: CredentialsFile.Content,
        baseURL: String?,
        trusting hosts: TrustedHosts,
    ) -> State {
        switch content {
        case .missing: return .missing
        case .invalid(let reason): return .invalid(reason: reason)
        case .credentials(let found, let modified):
            let credentials = self.renewal.current(found)
            do {
                let address = try baseURL ?? ResourceURL.baseURL(of: credentials.resourceURL, trusting: hosts)
                return .loaded(
                    Loaded(
                        authorization: UpstreamAuthorization(
                            kind: .oauth, baseURL: address, bearer: credentials.accessToken),
                        refreshToken: credentials.refreshToken,
                        expiry: credentials.expiry,
                        modified: modified,
                    ))
            } catch {
                return .invalid(reason: "\(error)")
            }
        }
    }
}

/// Now, on two clocks: tokens end by the wall clock, which can be set to anything at any time, and pauses are measured by
/// one that only goes forward.
package struct Moment: Sendable, Equatable {
    var wall: Date
    var steady: ContinuousClock.Instant

    /// Reads both clocks.
    package static func now() -> Moment { Moment(wall: Date(), steady: .now) }
}
