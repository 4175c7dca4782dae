// SPDX-License-Identifier: Apache-2.0

import Configuration
import Server
import Translation

/// `POST /v1/messages/count_tokens`: what the upstream that would be asked will count, by what it counted before. It is told
/// here: no upstream of ours counts for us.
struct CountTokensEndpoint {
    let plans: UpstreamPlans
    let weights: SharedTextWeights
    let configuration: ConfigurationStore.Snapshot

    func response(to request: borrowing InboundRequest) -> OutboundResponse {
        do throws(InvalidRequest) {
            let counted = try CountTokensRequest(parsing: request.body, self.weights)
            let hints = ClientHints(model: counted.model, request)
            let plan = self.plans.plan(
                for: RouteQuery(counted.model, counted.features, hints), of: counted.size, in: self.configuration)
            var writer = JSONWriter()
            writer.raw(#"{"input_tokens":"#)
            writer.integer(plan.promptTokens(of: counted.size))
            writer.raw("}")
            return OutboundResponse(
                status: 200, headers: [("content-type", "application/json")], body: writer.bytes)
        } catch {
            return MessagesAPIError(error).response(requestID: request.id)
        }
    }
}
