// SPDX-License-Identifier: Apache-2.0

import Server
import Translation

/// `POST /v1/messages/count_tokens`: an estimate, made here. No upstream of ours counts for us.
enum CountTokensEndpoint {
    static func response(to request: InboundRequest) -> OutboundResponse {
        do throws(InvalidRequest) {
            let counted = try CountTokensRequest(parsing: request.body)
            var writer = JSONWriter()
            writer.raw(#"{"input_tokens":"#)
            writer.integer(counted.inputTokens)
            writer.raw("}")
            return OutboundResponse(
                status: 200, headers: [("content-type", "application/json")], body: writer.bytes)
        } catch {
            return MessagesAPIError(error).response(requestID: request.id)
        }
    }
}
