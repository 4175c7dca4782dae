// SPDX-License-Identifier: Apache-2.0

import Shared

extension ConfigurationDraft {
    /// What is left of a configuration with mistakes: where to listen, for whom, and what to log. The values at fault
    /// have their defaults. Whoever answers requests is left out as a whole, since a part of it could send them to
    /// the wrong place; and no other machine is listened to.
    var remnant: Configuration {
        var remnant = self.configuration
        let defaults = Configuration()
        remnant.mistakes = self.mistakes
        remnant.describedUpstreams = self.describedUpstreams
        // The mistake could be about who is let in.
        if HostScope(remnant.server.host.lowercased()) != .loopback { remnant.server.host = defaults.server.host }
        let trusted = remnant.upstream.caFile
        remnant.upstream = defaults.upstream
        remnant.upstream.userAgent = self.configuration.upstream.userAgent
        remnant.upstream.caFile = trusted.flatMap { RegularFile.exists($0) ? $0 : nil }
        remnant.mode = defaults.mode
        remnant.entries = [:]
        remnant.namedUpstreams = []
        remnant.routes = defaults.routes
        remnant.rules = []
        remnant.autoMode = defaults.autoMode
        // They are about what does not count.
        remnant.warnings = []
        return remnant
    }

    /// Without addresses: one that is at fault may hold a password.
    private var describedUpstreams: [DescribedUpstream] {
        let upstream = self.configuration.upstream
        let hasDefault = upstream.baseURL != nil || self.configuration.mode != .demo
        let all =
            (hasDefault ? [DescribedUpstream(name: UpstreamDefinition.defaultName, model: upstream.model)] : [])
            + self.configuration.entries.sorted { $0.key < $1.key }
            .map { DescribedUpstream(name: $0.key, model: $0.value.model) }
        return all.filter { $0.name == upstream.use } + all.filter { $0.name != upstream.use }
    }
}
