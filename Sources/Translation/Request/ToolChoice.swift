// SPDX-License-Identifier: Apache-2.0

/// Which function the model has to call, as far as the model can be told.
enum ToolChoice: Equatable {
    case auto
    case none
    /// Any of the functions.
    case required
    case function(upstreamName: String)
    /// The only function that is offered, so that it has to be called.
    case alone(upstreamName: String)
    /// The upstream only knows `auto`: the wish is put into words at the end of the conversation.
    case asked(upstreamName: String?)

    /// Nil when nothing needs to be said: no functions are offered, or the client did not choose.
    init?(
        _ choice: JSONNode?, of document: borrowing JSONDocument, offering tools: [ToolOffer], to profile: ModelProfile,
    ) {
        // Upstreams refuse a choice without tools.
        guard !tools.isEmpty, let choice else { return nil }
        switch document.string("type", of: choice) {
        case "auto":
            self = .auto
        case "none":
            self = .none
        case "any":
            switch profile.toolChoice {
            case .required: self = .required
            // With one function, any of them is this one, and naming one is allowed here.
            case .function where tools.count == 1: self = .function(upstreamName: tools[0].declared.upstreamName)
            case .function, .auto: self = .asked(upstreamName: nil)
            }
        case "tool":
            let name = document.string("name", of: choice)
            // A tool that is not offered cannot be called.
            guard let tool = tools.first(where: { $0.declared.name == name }) else { return nil }
            let upstreamName = tool.declared.upstreamName
            switch profile.toolChoice {
            // llama.cpp reads the choice as a string: an object becomes `auto` there, with a line in its log.
            case .required where !profile.namesForcedTool: self = .alone(upstreamName: upstreamName)
            case .required, .function: self = .function(upstreamName: upstreamName)
            case .auto: self = .asked(upstreamName: upstreamName)
            }
        default:
            return nil
        }
    }

    /// A choice that the upstream refuses together with thinking.
    var isForced: Bool {
        switch self {
        case .required, .function, .alone: true
        case .auto, .none, .asked: false
        }
    }

    /// Whether a function is offered to the model.
    func offers(_ upstreamName: String) -> Bool {
        switch self {
        case .alone(let only): upstreamName == only
        case .auto, .none, .required, .function, .asked: true
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.raw(#","tool_choice":"#)
        switch self {
        case .auto, .asked: writer.raw(#""auto""#)
        case .none: writer.raw(#""none""#)
        case .required, .alone: writer.raw(#""required""#)
        case .function(let upstreamName):
            writer.raw(#"{"type":"function","function":{"name":"#)
            writer.string(upstreamName)
            writer.raw("}}")
        }
    }
}
